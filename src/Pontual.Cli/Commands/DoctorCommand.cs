using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Doctor;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual doctor</c>: looks at everything that has to work, and says what to do about what does not.</summary>
internal static class DoctorCommand
{
    private static readonly Dictionary<Health, (string Word, string Colour)> Marks = new()
    {
        [Health.Ok] = ("ok", "green"),
        [Health.Warn] = ("warn", "yellow"),
        [Health.Fail] = ("FAIL", "red"),
        [Health.Skip] = ("skip", "grey"),
    };

    public static Command Create()
    {
        var full = new Option<bool>("--full") { Description = "Also walk through database files above 4 GB" };
        return new Command(
            "doctor",
            "Look at server, nodes, jobs, WebSocket, disk, database and clocks, and say what to do (exit code 0 or 1)"
        ).Does(
            [full],
            async (session, cancellation) =>
            {
                var symptoms = new List<Symptom>();
                await foreach (var symptom in LookAsync(session, session.Parsed.GetValue(full), cancellation))
                {
                    symptoms.Add(symptom);
                    if (!session.Screen.Json)
                    {
                        Show(session.Screen, symptom);
                    }
                }

                var isWell = symptoms.TrueForAll(symptom => symptom.Health is not Health.Fail);
                if (session.Screen.Json)
                {
                    Screen.Write(JsonSerializer.SerializeToElement(Json(symptoms, isWell)));
                }

                return isWell ? ExitCode.Ok : ExitCode.Failed;
            }
        );
    }

    private static async IAsyncEnumerable<Symptom> LookAsync(
        Session session,
        bool full,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var isHere = session.IsOnThisMachine;
        if (isHere)
        {
            foreach (var symptom in FolderExam.Look(session.Data))
            {
                yield return symptom;
            }

            yield return DatabaseExam.Look(session.Data, full);
        }

        yield return ZoneExam.Look(TimeProvider.System.GetUtcNow());
        ApiClient? api = null;
        Symptom? unreachable = null;
        try
        {
            api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
        }
        catch (CommandFailure failure)
        {
            unreachable = Symptom.Fail("server", failure.Message, "Start a server, or name the right one.");
        }

        if (api is null)
        {
            yield return unreachable!;
            yield break;
        }

        await foreach (var symptom in LookAsync(session, api, isHere, cancellation))
        {
            yield return symptom;
        }
    }

    private static async IAsyncEnumerable<Symptom> LookAsync(
        Session session,
        ApiClient api,
        bool isHere,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var server = new ServerExam(api);
        if (session.HasServer)
        {
            var port = await server.PortAsync(cancellation);
            yield return port;
            if (port.Health is Health.Fail)
            {
                yield break;
            }

            yield return await server.ReadyAsync(cancellation);
            yield return await server.TimeAsync(cancellation);
            yield return await SocketExam.LookAsync(api.Server, api.Token, cancellation);
        }
        else
        {
            yield return Symptom.Skip(
                "port",
                "no server runs: port and WebSocket cannot be looked at, the rest is read from the data itself"
            );
        }

        foreach (var look in Looks(server, session, api, isHere))
        {
            foreach (var symptom in await TriedAsync(look, cancellation))
            {
                yield return symptom;
            }
        }
    }

    private static IEnumerable<Func<CancellationToken, Task<IReadOnlyList<Symptom>>>> Looks(
        ServerExam server,
        Session session,
        ApiClient api,
        bool isHere
    )
    {
        yield return server.NodesAsync;
        yield return async stop => [await server.JobsAsync(stop)];
        yield return async stop => [await server.ChecksAsync(stop)];
        if (isHere)
        {
            yield return async stop =>
            {
                var jobs = await Pages.ReadAllAsync(api, "api/v1/jobs?limit=500", stop);
                return [FolderExam.Logs(session.Data, [.. jobs.Items().Select(job => job.Text("log")).OfType<string>()])];
            };
        }
    }

    /// <summary>A look that the server refuses is told as such, and the others follow.</summary>
    private static async Task<IReadOnlyList<Symptom>> TriedAsync(
        Func<CancellationToken, Task<IReadOnlyList<Symptom>>> look,
        CancellationToken cancellation
    )
    {
        try
        {
            return await look(cancellation);
        }
        catch (CommandFailure refused)
        {
            return [Symptom.Fail("server", refused.Message, "Give a token of scope read or more: --token TOKEN.")];
        }
    }

    private static void Show(Screen screen, Symptom symptom)
    {
        var (word, colour) = Marks[symptom.Health];
        screen.Line($"[{colour}]{word, -4}[/]  {Words.Escape($"{symptom.Check, -16}{symptom.Found}")}");
        if (symptom.Advice is { } advice)
        {
            screen.Line($"      {new string(' ', 16)}→ {Words.Escape(advice)}");
        }
    }

    private static JsonObject Json(List<Symptom> symptoms, bool isWell) =>
        new()
        {
            ["healthy"] = isWell,
            ["checks"] = new JsonArray([
                .. symptoms.Select(symptom =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["check"] = symptom.Check,
                            ["status"] = symptom.Health.ToString().ToLowerInvariant(),
                            ["found"] = symptom.Found,
                            ["advice"] = symptom.Advice,
                        }
                ),
            ]),
        };
}
