using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Server.Packs;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class CrontabImportTests
{
    private static readonly CrontabOptions Options = new() { Home = "/home/ana" };

    [Fact(DisplayName = "S1-11 the three lines for cPanel import as they are written: script names, comments, and the job's own logs")]
    public void The_documented_crontab_imports()
    {
        var document = Path.GetFullPath(Repository.Path("../shared/seeds/s1-cron-jobs-e-websocket.md"));
        var lines = File.Exists(document) ? Block(File.ReadAllText(document)) : Written;

        var reading = CrontabImport.Read(lines.Replace("USUARIO", "ana", StringComparison.Ordinal), Options);

        reading.Unimportable.ShouldBeEmpty();
        reading
            .Jobs.Select(job => JobDocument.Serialize(job.Definition))
            .ShouldBe([
                Job(
                    "process-scheduled-messages",
                    "1. Mensagens Agendadas (a cada minuto)",
                    "* * * * *",
                    "public/scripts/process-scheduled-messages.php",
                    "scheduled-messages"
                ),
                Job("process-reminders", "2. Lembretes (a cada minuto)", "* * * * *", "public/scripts/process-reminders.php", "reminders"),
                Job("run-scheduled-jobs", "3. Jobs Agendados (a cada 5 minutos)", "*/5 * * * *", "public/run-scheduled-jobs.php", "jobs"),
            ]);
        reading.Notes.ShouldAllBe(note => note.Line == 0);

        static string Job(string name, string description, string cron, string script, string log) =>
            $$$"""{"name":"{{{name}}}","description":"{{{description}}}","schedule":{"cron":"{{{cron}}}","zone":"America/Sao_Paulo"},"target":{"process":{"command":"php /home/ana/public_html/{{{script}}}"}},"timeout":"1h","log":"/home/ana/public_html/storage/logs/{{{log}}}.log"}""";
    }

    [Fact(DisplayName = "S1-11 a line with cd and a relative log is left to the shell, and that file is rotated")]
    public void The_session_check_imports()
    {
        const string Line =
            "*/15 * * * * cd /home/canal1/hub.example.com && php scripts/healthcheck_whatsapp_sessions.php >> logs/healthcheck-sessions.log 2>&1";

        var job = One(Line);

        job.Name.ToString().ShouldBe("healthcheck_whatsapp_sessions");
        job.Log.ShouldBeNull();
        job.Target.Settings.GetProperty("command").GetString().ShouldBe(Line[13..]);
        job.Target.Settings.GetProperty("rotate")
            .GetRawText()
            .ShouldBe("""["/home/canal1/hub.example.com/logs/healthcheck-sessions.log"]""");
    }

    [Theory(DisplayName = "S1-11 only a trailing append of a simple command to an absolute path becomes the job's own log")]
    [InlineData("php a.php >> /var/log/a.log 2>&1", "php a.php", "/var/log/a.log", null)]
    [InlineData("php a.php >>/var/log/a.log 2>&1  ", "php a.php", "/var/log/a.log", null)]
    [InlineData("php a.php 1>> '/var/log/a b.log' 2>&1", "php a.php", "/var/log/a b.log", null)]
    [InlineData("php 'a;b|c&d.php' >> /var/log/a.log 2>&1", "php 'a;b|c&d.php'", "/var/log/a.log", null)]
    [InlineData("php a.php >> /var/log/a.log", null, null, "/var/log/a.log")]
    [InlineData("php a.php 2>&1 >> /var/log/a.log", null, null, "/var/log/a.log")]
    [InlineData("php a.php >> /var/log/../a.log 2>&1", null, null, "/var/a.log")]
    [InlineData("php a.php; php b.php >> /var/log/a.log 2>&1", null, null, "/var/log/a.log")]
    [InlineData("php a.php | tee x >> /var/log/a.log 2>&1", null, null, "/var/log/a.log")]
    [InlineData("php `which a` >> /var/log/a.log 2>&1", null, null, "/var/log/a.log")]
    [InlineData("php $(which a) >> /var/log/a.log 2>&1", null, null, "/var/log/a.log")]
    [InlineData("php a.php >> /var/log/a.log 2>&1 &", null, null, "/var/log/a.log")]
    [InlineData("php a.php >> logs/a.log 2>&1", null, null, "/home/ana/logs/a.log")]
    [InlineData("php a.php >> ~/a.log 2>&1", null, null, "/home/ana/a.log")]
    [InlineData("php a.php >> \"$HOME/a b.log\" 2>&1", null, null, "/home/ana/a b.log")]
    [InlineData("cd sub; php a.php &>> a.log", null, null, "/home/ana/sub/a.log")]
    [InlineData("php a.php >> /var/log/$NAME.log 2>&1", null, null, null)]
    [InlineData("cd a && cd b && php a.php >> a.log", null, null, null)]
    [InlineData("php a.php > /var/log/a.log 2>&1", null, null, null)]
    [InlineData("php a.php > /dev/null 2>&1", null, null, null)]
    [InlineData("php a.php >> /dev/null 2>&1", null, null, null)]
    [InlineData("php 'a.php >> /var/log/a.log 2>&1", null, null, null)]
    [InlineData("echo 'x >> /a' \">> /b\" \\>\\> /c", null, null, null)]
    public void Redirections_are_judged(string command, string? runs, string? log, string? rotated)
    {
        var job = One($"* * * * * {command}");

        job.Target.Settings.GetProperty("command").GetString().ShouldBe(runs ?? command.TrimEnd());
        job.Log.ShouldBe(log);
        var rotate = job.Target.Settings.TryGetProperty("rotate", out var list) ? list[0].GetString() : null;
        rotate.ShouldBe(rotated);
    }

    [Fact(DisplayName = "S1-11 settings hold for the lines below them")]
    public void Settings_go_into_the_jobs_below_them()
    {
        const string Text = """
            0 1 * * * /opt/first
            SHELL=/bin/bash
            PATH = "/opt/bin:/usr/bin"
            MAILTO=ana@example.com
            'GREETING'='  bom dia  '
            CRON_TZ=Europe/Lisbon
            HOME=/srv/app
            @daily /opt/second
            """;

        var reading = CrontabImport.Read(Text, Options);

        reading.Unimportable.ShouldBeEmpty();
        JobDocument
            .Serialize(reading.Jobs[0].Definition)
            .ShouldBe(
                """{"name":"first","schedule":{"cron":"0 1 * * *","zone":"America/Sao_Paulo"},"target":{"process":{"command":"/opt/first"}},"timeout":"1h"}"""
            );
        JobDocument
            .Serialize(reading.Jobs[1].Definition)
            .ShouldBe(
                """{"name":"second","schedule":{"cron":"@daily","zone":"Europe/Lisbon"},"target":{"process":{"command":"/opt/second","shell":"/bin/bash","cwd":"/srv/app","env":{"PATH":"/opt/bin:/usr/bin","GREETING":"  bom dia  ","HOME":"/srv/app"}}},"timeout":"1h"}"""
            );
        reading.Notes.ShouldContain(note => note.Line == 4 && note.Reason.StartsWith("no mail is sent", StringComparison.Ordinal));
    }

    [Theory(DisplayName = "S1-11 a bare % ends the command and begins its input; \\% is a plain one")]
    [InlineData(@"date +\%F", "date +%F", null)]
    [InlineData("mail ana%Hello%%there", "mail ana", "Hello\n\nthere\n")]
    [InlineData(@"cat%100\%", "cat", "100%\n")]
    [InlineData("cat%", "cat", null)]
    [InlineData("cat%a%", "cat", "a\n")]
    [InlineData(@"echo a\b", @"echo a\b", null)]
    public void Percent_signs_are_judged_as_cron_does(string line, string command, string? input)
    {
        var settings = One($"* * * * * {line}").Target.Settings;

        settings.GetProperty("command").GetString().ShouldBe(command);
        (settings.TryGetProperty("stdin", out var stdin) ? stdin.GetString() : null).ShouldBe(input);
    }

    [Theory(DisplayName = "S1-11 a line that cannot be imported is told with its number and the reason")]
    [InlineData("0 H * * * /opt/x", "'H' is not of the")]
    [InlineData("0 0 L * * /opt/x", "0 0 L * *")]
    [InlineData("@fortnightly /opt/x", "not a macro")]
    [InlineData("@daily", "neither a setting")]
    [InlineData("* * * * /opt/x", "five fields")]
    [InlineData("* * * * /opt/x --now", "/opt/x")]
    [InlineData("61 * * * * /opt/x", "61 * * * *")]
    [InlineData("0 0 31 2 * /opt/x", "never fire")]
    [InlineData("run everything", "neither a setting")]
    [InlineData("* * * * * /opt/\u0001x", "control character")]
    [InlineData("CRON_TZ=Mars/Olympus\n* * * * * /opt/x", "not a time zone")]
    public void Unimportable_lines_are_listed(string text, string reason)
    {
        var reading = CrontabImport.Read($"# first\n{text}\n0 4 * * * /opt/good", Options with { Zone = "UTC" });

        var remark = reading.Unimportable[0];
        remark.Line.ShouldBe(1 + text.Split('\n').Length);
        $"{remark.Text}: {remark.Reason}".ShouldContain(reason);
        (reading.Jobs.Count + reading.Unimportable.Count).ShouldBe(2);
    }

    [Fact(DisplayName = "S1-11 the system's crontab names a user in each line")]
    public void A_system_crontab_has_users()
    {
        const string Text =
            "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n@daily www-data php x.php >> log.txt\n5 5 * * * root";

        var reading = CrontabImport.Read(
            Text,
            Options with
            {
                SystemFormat = true,
                HomeOf = user => user == "www-data" ? "/var/www" : null,
            }
        );

        reading.Jobs.Select(job => job.Definition.Target.Settings.GetProperty("user").GetString()).ShouldBe(["root", "www-data"]);
        reading.Jobs.Select(job => job.Definition.Name.ToString()).ShouldBe(["run-parts-cron.hourly", "x"]);
        reading.Jobs[1].Definition.Target.Settings.GetProperty("rotate")[0].GetString().ShouldBe("/var/www/log.txt");
        reading.Unimportable.ShouldHaveSingleItem().Line.ShouldBe(3);
    }

    [Fact]
    public void Names_come_from_what_runs_and_are_unique()
    {
        const string Text = """
            * * * * * php /srv/Import Jobs/sync.php --all
            * * * * * php /srv/sync.php
            * * * * * /usr/bin/flock -n /tmp/x php artisan schedule:run
            * * * * * FOO=1 /usr/local/bin/backup --full
            * * * * * curl -fsS https://example.com/cron.php?key=1
            * * * * * "$X"
            """;

        var reading = CrontabImport.Read(Text, Options);

        reading.Jobs.Select(job => job.Definition.Name.ToString()).ShouldBe(["sync", "sync-2", "x-artisan", "backup", "cron", "job"]);
    }

    [Fact]
    public void What_the_shell_would_expand_is_not_taken_for_a_secret()
    {
        var settings = One("* * * * * echo ${HOME} ${env:0:2} $${x}").Target.Settings;

        settings.GetProperty("command").GetString().ShouldBe("echo ${HOME} $${env:0:2} $$${x}");
    }

    [Fact]
    public void No_text_makes_the_import_throw_or_lose_a_line()
    {
        const int Seed = 99;
        var random = new Random(Seed);
        string[] pieces =
        [
            "* * * * * ",
            "@daily ",
            "\n",
            "#",
            "%",
            "\\",
            "'",
            "\"",
            ">>",
            "2>&1",
            "/a",
            " cd /x && ",
            "=",
            "A=1\n",
            "$(",
            "`",
            "&",
            ";",
            "|",
            "\r\n",
            "\0",
            "\ud800",
            "😀",
            "0 0 1 1 ",
            "a.php",
            "~",
            "${env:X}",
            "CRON_TZ=\n",
        ];
        for (var round = 0; round < 1000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));

            var reading = CrontabImport.Read(text, Options with { SystemFormat = round % 2 == 0 });

            var told = reading.Jobs.Select(job => job.Line).Concat(reading.Unimportable.Select(remark => remark.Line)).ToHashSet();
            var lines = text.Split('\n').Select((line, index) => (line.TrimEnd('\r').TrimStart(' ', '\t'), index + 1));
            var silent = lines
                .Where(line => line.Item1.Length > 0 && line.Item1[0] != '#' && !told.Contains(line.Item2))
                .Select(line => line.Item1);
            silent.ShouldAllBe(line => line.Contains('='), $"seed {Seed}, round {round}: {JsonSerializer.Serialize(text)}");
        }
    }

    private static JobDefinition One(string line)
    {
        var reading = CrontabImport.Read(line, Options);
        reading.Unimportable.ShouldBeEmpty();
        return reading.Jobs.ShouldHaveSingleItem().Definition;
    }

    /// <summary>The document's block for cPanel: the one with all three lines.</summary>
    private static string Block(string document) =>
        document.Split("```").Single(block => block.StartsWith("bash\n# 1. Mensagens", StringComparison.Ordinal))["bash\n".Length..];

    /// <summary>The same lines, for a tree without the documents beside it.</summary>
    private const string Written = """
        # 1. Mensagens Agendadas (a cada minuto)
        * * * * * php /home/USUARIO/public_html/public/scripts/process-scheduled-messages.php >> /home/USUARIO/public_html/storage/logs/scheduled-messages.log 2>&1

        # 2. Lembretes (a cada minuto)
        * * * * * php /home/USUARIO/public_html/public/scripts/process-reminders.php >> /home/USUARIO/public_html/storage/logs/reminders.log 2>&1

        # 3. Jobs Agendados (a cada 5 minutos)
        */5 * * * * php /home/USUARIO/public_html/public/run-scheduled-jobs.php >> /home/USUARIO/public_html/storage/logs/jobs.log 2>&1
        """;
}
