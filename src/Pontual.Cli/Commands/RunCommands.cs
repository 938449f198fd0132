using System.CommandLine;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual run …</c>: looks at runs and acts on them.</summary>
internal static class RunCommands
{
    private static readonly string[] States = ["pending", "running", "succeeded", "failed", "cancelled", "skipped"];

    public static Command Create() =>
        CommandActions.Group(
            "run",
            "Look at runs, read their output, cancel them",
            List(),
            Show(),
            Logs(),
            Act("cancel", "Cancel a waiting or running run", id => $"Run {id} is being cancelled."),
            Act("retry", "Run an ended run's job once more, with the same parameters", null)
        );

    /// <summary>Lists runs that match a query.</summary>
    public static async Task<int> ListAsync(Session session, ApiClient api, string query, int most, CancellationToken cancellation)
    {
        var path = $"api/v1/runs?limit={Math.Min(most, 500)}{(query.Length > 0 ? "&" : "")}{query}";
        var runs = await Pages.ReadAllAsync(api, path, cancellation, most);
        if (session.Screen.Json)
        {
            Screen.Write(runs);
            return ExitCode.Ok;
        }

        var rows = runs.Items().Select(RunView.Row).ToList();
        if (rows.Count == 0)
        {
            session.Screen.Note("No runs.");
            return ExitCode.Ok;
        }

        session.Screen.Table(["RUN", "JOB", $"DUE ({Words.Escape(Words.LocalZone)})", "STATE", "LATE", "TOOK", "CODE", "WHY"], rows);
        return ExitCode.Ok;
    }

    private static Command List()
    {
        var job = new Option<string?>("--job") { Description = "Of this job only", HelpName = "NAME" };
        var state = new Option<string?>("--state") { Description = $"In this state only: {string.Join(", ", States)}", HelpName = "STATE" };
        state.AcceptOnlyFromAmong(States);
        var limit = CommandActions.Count("--limit", "How many runs, newest first", usual: 20, most: 10_000, "-n");
        return new Command("list", "List runs, newest first").Does(
            [job, state, limit],
            async (session, cancellation) =>
            {
                var query = new List<string>();
                if (session.Parsed.GetValue(job) is { } name)
                {
                    query.Add($"job={Uri.EscapeDataString(name)}");
                }

                if (session.Parsed.GetValue(state) is { } only)
                {
                    query.Add($"state={only}");
                }

                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                return await ListAsync(session, api, string.Join('&', query), session.Parsed.GetValue(limit), cancellation);
            }
        );
    }

    private static Command Show()
    {
        var id = CommandActions.RunIdArgument();
        return new Command("show", "Show one run with its attempts").Does(
            [id],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var run = await api.GetAsync($"api/v1/runs/{session.Parsed.GetValue(id)}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(run);
                    return ExitCode.Ok;
                }

                session.Screen.Facts(RunView.Facts(run));
                var attempts = run.Items("attempts").Select(RunView.AttemptRow).ToList();
                if (attempts.Count > 1)
                {
                    session.Screen.Line();
                    session.Screen.Table(["ATTEMPT", "STARTED", "TOOK", "OUTCOME", "CODE", "ERROR"], attempts);
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Logs()
    {
        var id = CommandActions.RunIdArgument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run ends" };
        return new Command("logs", "Print what a run printed").Does(
            [id, follow],
            async (session, cancellation) =>
            {
                var run = session.Parsed.GetValue(id);
                if (session.Parsed.GetValue(follow))
                {
                    var server = await session.ConnectAsync(cancellation);
                    await RunFollower.PrintAsync(server, run, follow: true, cancellation);
                    return ExitCode.Ok;
                }

                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                await RunFollower.PrintAsync(api, run, follow: false, cancellation);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Act(string verb, string description, Func<Guid, string>? done)
    {
        var id = CommandActions.RunIdArgument();
        return new Command(verb, description).Does(
            [id],
            async (session, cancellation) =>
            {
                var run = session.Parsed.GetValue(id);
                var api = await session.ConnectAsync(cancellation);
                var answer = await api.PostAsync($"api/v1/runs/{run}/{verb}", null, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(answer);
                }
                else
                {
                    session.Screen.Line(Words.Escape(done is null ? $"Run {answer.Text("run_id")} is queued." : done(run)));
                }

                return ExitCode.Ok;
            }
        );
    }
}
