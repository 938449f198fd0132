using System.Xml.Linq;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

/// <summary><c>pontual simulate</c> on files, on a data folder without a server, and on a server.</summary>
public sealed class SimulateTests : IDisposable
{
    private static readonly string[] Day = ["--from", "2026-11-23", "--to", "2026-11-24 00:00", "--zone", "America/Sao_Paulo"];

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Definitions_that_nobody_has_applied_are_shown_with_all_that_meets()
    {
        var pack = _folder.Write(
            "pack.yaml",
            """
            jobs:
              - { name: five, schedule: { cron: "*/5 * * * *" }, target: { process: { command: x } } }
              - { name: office, schedule: { cron: "0 9,14 * * 1-5" }, target: { process: { command: x } } }
              - { name: slow, schedule: { every: 1h }, target: { process: { command: x } } }
            """
        );
        var svg = Path.Combine(_folder.Path, "load.svg");

        var answer = (await DoAsync(["simulate", "-f", pack, "--duration", "slow=90m", "--svg", svg, .. Day])).Ok();

        Assert.StartsWith(
            "302 runs from 2026-11-23 00:00 to 2026-11-24 00:00 (America/Sao_Paulo)",
            answer.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("12 skipped by overlap; takes 1h30m, due again after 1h", answer.Output, StringComparison.Ordinal);
        Assert.Matches(@"2026-11-23 14:00\s+3\s+five, office, slow", answer.Output);
        Assert.Contains("At most 1 at once", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Peak: 3 at 2026-11-23 14:00", answer.Output, StringComparison.Ordinal);
        Assert.Contains('█', answer.Output);
        Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "pontual.db")));
    }

    [Fact]
    public async Task A_data_folder_is_simulated_without_a_server_and_stays_as_it_is()
    {
        var pack = _folder.Write(
            "pack.yaml",
            """
            jobs:
              - { name: daily, schedule: { cron: "0 9 * * *" }, target: { process: { command: x } } }
              - { name: other, schedule: { cron: "0 9 * * *" }, target: { process: { command: x } } }
            """
        );
        (await DoAsync(["apply", "-f", pack])).Ok();
        var before = (await DoAsync(["export"])).Ok().Output;

        var all = (await DoAsync(["simulate", "--json", .. Day])).Ok().Json;
        var one = (await DoAsync(["simulate", "--json", "--job", "daily", .. Day])).Ok().Json;

        Assert.Equal(2, all.GetProperty("runs").GetInt32());
        Assert.Equal(1, all.GetProperty("shared_minutes").GetInt32());
        Assert.Equal("2026-11-23T12:00:00Z", all.GetProperty("jobs")[0].GetProperty("first").GetProperty("at").GetString());
        Assert.Equal("daily", Assert.Single(one.GetProperty("jobs").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(before, (await DoAsync(["export"])).Ok().Output);
    }

    [Fact]
    public async Task Calendars_of_the_files_leave_out_and_say_so()
    {
        var pack = _folder.Write(
            "pack.yaml",
            """
            calendars:
              - { name: inventory, dates: [2026-11-23] }
            jobs:
              - { name: closed, schedule: { cron: "0 9 * * *", except: [inventory] }, target: { process: { command: x } } }
            """
        );

        var answer = (await DoAsync(["simulate", "-f", pack, .. Day])).Ok();

        Assert.StartsWith("0 runs", answer.Output, StringComparison.Ordinal);
        Assert.Contains("1 left out by inventory", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_and_the_last_due_times_are_told_in_words()
    {
        var next = (await DoAsync(["job", "next", "--cron", "0 9 1 1 *", "--zone", "UTC", "--from", "2026-01-01T00:00Z", "-n", "1"])).Ok();
        var last = (await DoAsync(["job", "next", "--every", "6h", "--before", "2026-01-01T12:00Z", "-n", "2"])).Ok();
        var never = (await DoAsync(["job", "next", "--cron", "0 9 31 2 *"])).Ok();

        Assert.StartsWith("at 09:00, on 1 January", next.Output, StringComparison.Ordinal);
        Assert.Contains("\nnext ", next.Output, StringComparison.Ordinal);
        Assert.Contains("Thu 2026-01-01 09:00:00 +00:00", next.Output, StringComparison.Ordinal);
        Assert.Contains("2026-01-01T00:00:00Z", last.Output, StringComparison.Ordinal);
        Assert.Contains("2026-01-01T06:00:00Z", last.Output, StringComparison.Ordinal);
        Assert.Contains("can never fire", never.Output, StringComparison.Ordinal);
    }

    private Task<Answer> DoAsync(string[] arguments) => PontualProcess.RunAsync(_folder.Path, arguments);
}
