using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual job …</c>: looks at jobs and acts on them.</summary>
internal static class JobCommands
{
    public static Command Create() =>
        CommandActions.Group(
            "job",
            "Look at jobs, define them, run them",
            List(),
            Show(),
            JobEditing.Create(),
            JobEditing.Edit(),
            Pause(),
            Act("resume", "Let a paused job go on"),
            Run(),
            Act("reset", "Give a job back its first state: its active run is failed, its failure streak and pause end"),
            History(),
            JobNext.Create(),
            JobWhy.Create(),
            Delete()
        );

    private static Command List() =>
        new Command("list", "List jobs with their schedules and what comes next").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var jobs = await Pages.ReadAllAsync(api, "api/v1/jobs?limit=500", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(jobs);
                    return ExitCode.Ok;
                }

                var rows = jobs.Items().Select(JobView.Row).ToList();
                if (rows.Count == 0)
                {
                    session.Screen.Note("No jobs yet: define one with 'pontual apply -f FILE' or 'pontual job create'.");
                    return ExitCode.Ok;
                }

                session.Screen.Table(["NAME", "SCHEDULE", "STATE", "LAST RUN", "RESULT", $"NEXT ({Words.Escape(Words.LocalZone)})"], rows);
                return ExitCode.Ok;
            }
        );

    private static Command Show()
    {
        var name = CommandActions.JobNameArgument();
        return new Command("show", "Show one job with its definition and totals").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var job = await api.GetAsync($"api/v1/jobs/{session.Parsed.GetValue(name)}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(job);
                }
                else
                {
                    session.Screen.Facts(JobView.Facts(job));
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Pause()
    {
        var name = CommandActions.JobNameArgument();
        var reason = new Option<string?>("--reason") { Description = "Why, for whoever looks later", HelpName = "TEXT" };
        var until = new Option<string?>("--until")
        {
            Description = "When it goes on by itself, such as 2026-12-01T09:00:00Z",
            HelpName = "TIME",
        };
        return new Command("pause", "Pause a job: its due times are recorded as skipped until it goes on").Does(
            [name, reason, until],
            (session, cancellation) =>
            {
                var body = new JsonObject();
                if (session.Parsed.GetValue(reason) is { } why)
                {
                    body["reason"] = why;
                }

                if (session.Parsed.GetValue(until) is { } end)
                {
                    body["until"] = end;
                }

                return ActAsync(session, session.Parsed.GetValue(name)!, "pause", body, "paused", cancellation);
            }
        );
    }

    private static Command Act(string verb, string description)
    {
        var name = CommandActions.JobNameArgument();
        return new Command(verb, description).Does(
            [name],
            (session, cancellation) =>
                ActAsync(session, session.Parsed.GetValue(name)!, verb, null, verb == "reset" ? "reset" : "resumed", cancellation)
        );
    }

    private static Command Run()
    {
        var name = CommandActions.JobNameArgument();
        var parameters = new Option<string?>("--params") { Description = "A JSON object that the target gets", HelpName = "JSON" };
        var beside = new Option<bool>("--allow-overlap") { Description = "Run even while another run of the job is active" };
        var wait = new Option<bool>("--wait") { Description = "Show the output as it comes and answer 1 when the run fails" };
        return new Command("run", "Run a job now, whatever its schedule says").Does(
            [name, parameters, beside, wait],
            async (session, cancellation) =>
            {
                var body = ReadParameters(session.Parsed.GetValue(parameters));
                var api = await session.ConnectAsync(cancellation);
                var query = session.Parsed.GetValue(beside) ? "?overlap=allow" : "";
                var answer = await api.PostAsync($"api/v1/jobs/{session.Parsed.GetValue(name)}/run{query}", body, cancellation);
                if (session.Parsed.GetValue(wait))
                {
                    return await RunFollower.FollowAsync(session, api, Guid.Parse(answer.Text("run_id")!), cancellation);
                }

                return session.Screen.Json
                    ? Answer(answer)
                    : Say(session, $"Run {answer.Text("run_id")} of {session.Parsed.GetValue(name)} is queued.");
            }
        );
    }

    private static Command History()
    {
        var name = CommandActions.JobNameArgument();
        var limit = CommandActions.Count("--limit", "How many runs, newest first", usual: 20, most: 10_000, "-n");
        return new Command("history", "List a job's runs, newest first").Does(
            [name, limit],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var job = session.Parsed.GetValue(name)!;
                await api.GetAsync($"api/v1/jobs/{job}", cancellation);
                return await RunCommands.ListAsync(session, api, $"job={job}", session.Parsed.GetValue(limit), cancellation);
            }
        );
    }

    private static Command Delete()
    {
        var name = CommandActions.JobNameArgument();
        return new Command("delete", "Remove a job: waiting runs are cancelled, history stays").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var answer = await api.SendAsync(HttpMethod.Delete, $"api/v1/jobs/{session.Parsed.GetValue(name)}", null, cancellation);
                return session.Screen.Json
                    ? Answer(answer)
                    : Say(session, $"{session.Parsed.GetValue(name)} is removed; its history stays.");
            }
        );
    }

    private static async Task<int> ActAsync(
        Session session,
        string name,
        string verb,
        JsonNode? body,
        string done,
        CancellationToken cancellation
    )
    {
        var api = await session.ConnectAsync(cancellation);
        var answer = await api.PostAsync($"api/v1/jobs/{name}/{verb}", body, cancellation);
        return session.Screen.Json ? Answer(answer) : Say(session, $"{name} is {done}.");
    }

    private static JsonNode? ReadParameters(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text) is JsonObject parameters
                ? new JsonObject { ["parameters"] = parameters }
                : throw CommandFailure.Usage("--params must be a JSON object, such as {\"force\": true}.");
        }
        catch (JsonException broken)
        {
            throw CommandFailure.Usage($"--params is not JSON: {broken.Message}");
        }
    }

    private static int Answer(JsonElement answer)
    {
        Screen.Write(answer);
        return ExitCode.Ok;
    }

    private static int Say(Session session, string text)
    {
        session.Screen.Line(Words.Escape(text));
        return ExitCode.Ok;
    }
}
