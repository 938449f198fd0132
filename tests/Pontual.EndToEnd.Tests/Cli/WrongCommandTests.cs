using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

/// <summary>Commands that are wrong in themselves: nothing is asked of any server.</summary>
public sealed class WrongCommandTests : IDisposable
{
    private const string SomeRun = "019aa3c1-8f00-7c21-9d55-0b1f6a6f8e12";

    private readonly Folder _folder = new();

    public static TheoryData<int, string[], string> Cases { get; } =
        new()
        {
            // A word that nothing takes, or one too few.
            { 2, [], "command" },
            { 2, ["frobnicate"], "'frobnicate'" },
            { 2, ["jbo", "list"], "did you mean 'job'" },
            { 2, ["job"], "command" },
            { 2, ["job", "lsit"], "did you mean 'list'" },
            { 2, ["job", "list", "extra"], "'extra'" },
            { 2, ["job", "list", "--lmit", "3"], "'--lmit'" },
            { 2, ["job", "show"], "argument" },
            { 2, ["run", "show"], "argument" },
            { 2, ["run", "frob", SomeRun], "'frob'" },
            { 2, ["token"], "command" },
            { 2, ["token", "create"], "argument" },
            { 2, ["completion"], "argument" },
            { 2, ["completion", "fish"], "fish" },
            // Names and ids.
            { 2, ["job", "show", "UPPER"], "'UPPER' is not a job name" },
            { 2, ["job", "show", ".."], "'..' is not a job name" },
            { 2, ["job", "show", "a/b"], "'a/b' is not a job name" },
            { 2, ["job", "run", "a b"], "'a b' is not a job name" },
            { 2, ["job", "pause", "ação"], "is not a job name" },
            { 2, ["job", "delete", ""], "'' is not a job name" },
            { 2, ["job", "reset", new string('a', 129)], "is not a job name" },
            { 2, ["job", "history", "-"], "'-'" },
            { 2, ["run", "show", "7"], "'7' is not a run id" },
            { 2, ["run", "logs", "not-a-run"], "'not-a-run' is not a run id" },
            { 2, ["run", "cancel", "../../jobs"], "is not a run id" },
            { 2, ["run", "retry", ""], "'' is not a run id" },
            // Values of options.
            { 2, ["run", "list", "--limit", "0"], "--limit '0'" },
            { 2, ["run", "list", "--limit", "-1"], "--limit '-1'" },
            { 2, ["run", "list", "--limit", "many"], "--limit 'many'" },
            { 2, ["run", "list", "--limit", "99999999999999999999"], "--limit" },
            { 2, ["run", "list", "--state", "done"], "done" },
            { 2, ["job", "history", "a", "-n", "0"], "--limit '0'" },
            { 2, ["job", "next", "a", "--count", "501"], "--count '501'" },
            { 2, ["job", "next"], "--cron" },
            { 2, ["job", "next", "a", "--cron", "* * * * *"], "one of the two" },
            { 2, ["job", "next", "--cron", "* * * * *", "--every", "5s"], "one of them" },
            { 2, ["job", "next", "a", "--from", "2026-01-01T00:00Z", "--before", "2026-01-01T00:00Z"], "--from and --before" },
            { 2, ["job", "next", "a", "--zone", "UTC"], "--zone goes with --cron" },
            { 2, ["simulate", "--duration", "a=soon", "-f", "none.yaml"], "--duration 'a=soon'" },
            { 2, ["simulate", "-f", "none.yaml"], "the definitions have one mistake" },
            { 2, ["job", "run", "a", "--params", "{"], "--params is not JSON" },
            { 2, ["job", "run", "a", "--params", "[1]"], "--params must be a JSON object" },
            { 2, ["job", "create", "a", "--cron", "* * * * *", "--every", "5s"], "one of --cron, --every, --delay and --at" },
            { 2, ["job", "create", "a", "--http", "http://x", "--command", "y"], "one of --http, --command, --sql and --handler" },
            { 2, ["job", "create", "a", "--command", "y", "--method", "POST"], "--method goes with --http" },
            { 2, ["job", "create", "a", "--http", "http://x", "--cwd", "/"], "--cwd goes with --command" },
            { 2, ["job", "create", "a", "--command", "y", "--connection", "Host=db"], "--connection goes with --sql" },
            { 2, ["job", "create", "a", "--http", "http://x", "--header", "nonsense"], "--header 'nonsense'" },
            { 2, ["job", "create", "a", "--command", "y", "--retry", "two"], "two" },
            { 2, ["job", "create", "a", "--command", "y", "--priority", "high"], "high" },
            { 2, ["token", "create", "x", "--scope", "root"], "root" },
            { 2, ["job", "list", "--server", "localhost"], "--server 'localhost' is not an address" },
            { 2, ["job", "list", "--server", "ftp://localhost"], "is not an address" },
            { 2, ["job", "list", "--server", ""], "--server is empty" },
            // No server where one is needed.
            { 3, ["job", "run", "a"], "no server runs on" },
            { 3, ["job", "pause", "a"], "no server runs on" },
            { 3, ["run", "cancel", SomeRun], "no server runs on" },
            { 3, ["health"], "no server runs on" },
            { 3, ["job", "list", "--server", "http://127.0.0.1:1"], "cannot reach the server" },
            { 3, ["health", "--server", "http://no-such-host.invalid"], "cannot reach the server" },
        };

    [Theory(DisplayName = "A wrong command ends with its exit code and one clear line")]
    [MemberData(nameof(Cases))]
    public async Task A_wrong_command_is_refused_clearly(int exitCode, string[] arguments, string says)
    {
        var answer = await PontualProcess.RunAsync(_folder.Path, arguments);

        Assert.True(answer.ExitCode == exitCode, answer.ToString());
        Assert.StartsWith("pontual: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(says, answer.Error.Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    public void Dispose() => _folder.Dispose();
}
