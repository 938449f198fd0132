using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

/// <summary>Commands that are right in themselves and are refused by files, settings or the server.</summary>
public sealed class RefusedCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string NoRun = "019aa3c1-8f00-7c21-9d55-0b1f6a6f8e12";

    public static TheoryData<int, string[], string> Refused { get; } =
        new()
        {
            // Access.
            { 4, ["job", "list", "--token", "wrong"], "token" },
            { 4, ["job", "run", "quiet", "--token", "READ"], "operate" },
            { 4, ["job", "delete", "quiet", "--token", "READ"], "admin" },
            { 4, ["token", "list", "--token", "READ"], "admin" },
            { 4, ["apply", "-f", "start.yaml", "--token", "READ"], "admin" },
            { 4, ["audit", "--token", "READ"], "admin" },
            { 4, ["job", "list", "--token", "READ", "--tenant", "shop"], "tenant" },
            { 2, ["job", "list", "--tenant", "No Name"], "tenant" },
            // Not there, or in the way.
            { 1, ["job", "show", "quiet", "--tenant", "shop"], "'shop/quiet'" },
            { 1, ["job", "show", "nothing"], "'nothing'" },
            { 1, ["job", "history", "nothing"], "'nothing'" },
            { 1, ["job", "run", "nothing"], "'nothing'" },
            { 1, ["job", "pause", "nothing"], "'nothing'" },
            { 1, ["job", "resume", "nothing"], "'nothing'" },
            { 1, ["job", "reset", "nothing"], "'nothing'" },
            { 1, ["job", "delete", "nothing"], "'nothing'" },
            { 1, ["job", "edit", "nothing", "--timeout", "5s"], "'nothing'" },
            { 1, ["job", "next", "nothing"], "'nothing'" },
            { 1, ["job", "next", "quiet"], "no schedule" },
            { 1, ["job", "create", "quiet", "--command", "true"], "'quiet' exists" },
            { 1, ["job", "run", "long"], "overlap" },
            { 1, ["run", "show", NoRun], NoRun },
            { 1, ["run", "logs", NoRun], NoRun },
            { 1, ["run", "logs", NoRun, "-f"], NoRun },
            { 1, ["run", "cancel", NoRun], NoRun },
            { 1, ["run", "retry", NoRun], NoRun },
            { 1, ["token", "revoke", "nothing"], "'nothing'" },
            // Values that the server judges.
            { 2, ["job", "create", "a"], "target" },
            { 2, ["job", "create", "a", "--command", "x", "--cron", "61 * * * *"], "schedule.cron" },
            { 2, ["job", "create", "a", "--command", "x", "--every", "soon"], "schedule.every" },
            { 2, ["job", "create", "a", "--command", "x", "--every", "5s", "--zone", "Mars/Base"], "zone" },
            { 2, ["job", "create", "a", "--command", "x", "--timeout", "0s"], "timeout" },
            { 2, ["job", "create", "a", "--command", "x", "--overlap", "maybe"], "overlap" },
            { 2, ["job", "create", "a", "--command", "x", "--retry", "0"], "retry" },
            { 2, ["job", "create", "a", "--command", "x", "--priority", "11"], "priority" },
            { 2, ["job", "create", "a", "--http", "not a url"], "url" },
            { 2, ["job", "edit", "quiet", "--timeout", "forever"], "timeout" },
            { 2, ["job", "edit", "quiet"], "nothing to change" },
            { 2, ["job", "pause", "quiet", "--until", "yesterday"], "until" },
            { 2, ["job", "next", "--cron", "* * 32 * *"], "cron" },
            { 2, ["job", "next", "--cron", "* * * *"], "cron" },
            { 2, ["job", "next", "--cron", "0 9 * * *", "--zone", "Mars/Base"], "zone" },
            { 2, ["job", "next", "--cron", "0 9 * * *", "--from", "soon"], "from" },
            { 2, ["token", "create", "old", "--expires", "2001-01-01T00:00:00Z"], "expires_at" },
            { 2, ["token", "create", ""], "name" },
            { 2, ["run", "list", "--job", "NOT A NAME"], "job" },
            // Files.
            { 2, ["apply", "-f", "missing.yaml"], "missing.yaml" },
            { 2, ["apply", "-f", "bad.yaml"], "bad.yaml:3:" },
            { 2, ["apply", "-f", "twice.yaml"], "twice.yaml:3:" },
            { 2, ["apply", "-f", "key.yaml"], "did you mean 'timeout'" },
            { 2, ["apply", "-f", "kind.yaml"], "kind.yaml:2:" },
            { 2, ["apply", "-f", "handler.yaml"], "handler.yaml:2:" },
            { 2, ["apply", "-f", "tab.yaml"], "tab.yaml:2:" },
            { 2, ["apply", "-f", "empty.yaml"], "empty.yaml" },
            { 2, ["apply", "-f", "list.yaml"], "list.yaml" },
            { 2, ["apply", "-f", "latin.yaml"], "UTF-8" },
            { 2, ["apply", "-f", "start.yaml", "-f", "bad.yaml"], "bad.yaml:3:" },
            { 2, ["import", "crontab", "missing"], "missing" },
            { 1, ["import", "crontab", "crontab", "--dry-run"], "line 2" },
        };

    [Theory(DisplayName = "A refused command ends with its exit code, one clear line and the problems below it")]
    [MemberData(nameof(Refused))]
    public async Task A_refused_command_says_why(int exitCode, string[] arguments, string says)
    {
        var given = arguments.Select(argument => argument == "READ" ? fixture.ReadToken : argument);

        var answer = await PontualProcess.RunAsync(fixture.Path, given);

        AssertRefused(answer, exitCode, says);
    }

    public static TheoryData<int, string[], string[], string> NotStarted { get; } =
        new()
        {
            { 2, ["--role", "boss"], [], "'boss' is not a role" },
            { 2, ["--urls", "localhost"], [], "'localhost'" },
            { 2, ["--urls", "http://0.0.0.0:0", "--data", "fresh"], [], "PONTUAL_ADMIN_TOKEN" },
            { 2, ["--pack", "missing.yaml"], [], "missing.yaml" },
            { 2, ["--pack", "bad.yaml"], [], "bad.yaml:3:" },
            { 2, ["--config", "role.yaml"], [], "role.yaml:1:" },
            { 2, ["--config", "missing.yaml"], [], "missing.yaml" },
            { 2, ["--data", "start.yaml"], [], "start.yaml" },
            { 2, [], ["RUN_MODE=boss"], "RUN_MODE" },
            { 2, [], ["PONTUAL__URLS=nowhere"], "PONTUAL__URLS" },
            { 2, [], ["PONTUAL__COLOUR=red"], "PONTUAL__COLOUR" },
            { 2, [], ["PONTUAL__CONCURRENCY=0"], "PONTUAL__CONCURRENCY" },
            { 2, [], ["PONTUAL__QUEUES__MAIL=lots"], "PONTUAL__QUEUES__MAIL" },
            { 2, [], ["PONTUAL_ADMIN_TOKEN=short"], "PONTUAL_ADMIN_TOKEN" },
            { 2, [], ["DOTNET_RUNNING_IN_CONTAINER=true"], "RUN_MODE" },
            { 2, [], ["APP_ENV=production"], "RUN_MODE" },
            { 2, ["--postgres", "nonsense"], [], "PostgreSQL" },
            { 3, ["--postgres", "Host=127.0.0.1;Port=1;Username=x;Timeout=2"], [], "127.0.0.1" },
        };

    [Theory(DisplayName = "S5-03 a server that is told something wrong does not start, and says what")]
    [MemberData(nameof(NotStarted))]
    public async Task A_server_with_wrong_settings_does_not_start(int exitCode, string[] arguments, string[] environment, string says)
    {
        var variables = environment.Select(pair => (pair.Split('=')[0], pair.Split('=')[1])).ToArray();
        string[] usual = arguments.Contains("--urls") ? [] : ["--urls", "http://127.0.0.1:0"];
        string[] urls = environment.Any(pair => pair.StartsWith("PONTUAL__URLS", StringComparison.Ordinal)) ? [] : usual;

        var answer = await PontualProcess.RunAsync(fixture.Path, ["serve", .. urls, .. arguments], variables);

        AssertRefused(answer, exitCode, says);
    }

    private static void AssertRefused(Answer answer, int exitCode, string says)
    {
        Assert.True(answer.ExitCode == exitCode, answer.ToString());
        Assert.True(answer.Error.Contains(says, StringComparison.Ordinal), answer.ToString());
        Assert.Contains("pontual: ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Error, StringComparison.Ordinal);
    }
}
