using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual job create</c> and <c>pontual job edit</c>.</summary>
internal static class JobEditing
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JsonText.Encoder };

    public static Command Create()
    {
        var name = CommandActions.JobNameArgument();
        var options = new JobOptions();
        return new Command("create", "Define a job, such as: job create hello --every 10s --command 'echo hello'").Does(
            [name, .. options.All],
            async (session, cancellation) =>
            {
                var job = new JsonObject { ["name"] = session.Parsed.GetValue(name) };
                options.WriteTo(job, session.Parsed);
                var api = await session.ConnectAsync(cancellation);
                return Done(session, await api.PostAsync("api/v1/jobs", job, cancellation), "created");
            }
        );
    }

    public static Command Edit()
    {
        var name = CommandActions.JobNameArgument();
        var options = new JobOptions();
        return new Command("edit", "Change a job by options, or without any in your $EDITOR").Does(
            [name, .. options.All],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var path = $"api/v1/jobs/{session.Parsed.GetValue(name)}";
                var stored = await api.GetAsync(path, cancellation);
                var job = (JsonObject)JsonNode.Parse(stored.GetRawText())!;
                if (options.AnyGiven(session.Parsed))
                {
                    options.WriteTo(job, session.Parsed);
                }
                else
                {
                    job = await InEditorAsync(session, job, cancellation);
                }

                var answer = await api.SendAsync(HttpMethod.Put, path, job, cancellation, ifMatch: $"\"{stored.Text("revision")}\"");
                return Done(session, answer, answer.Text("revision") == stored.Text("revision") ? "unchanged" : "changed");
            }
        );
    }

    private static int Done(Session session, JsonElement job, string what)
    {
        if (session.Screen.Json)
        {
            Screen.Write(job);
            return ExitCode.Ok;
        }

        var next = job.Instant("next_run") is { } due ? $" Next due {Words.Time(due)} ({Words.LocalZone})." : "";
        session.Screen.Line(Words.Escape($"{job.Text("name")} is {what}.{next}"));
        return ExitCode.Ok;
    }

    private static async Task<JsonObject> InEditorAsync(Session session, JsonObject job, CancellationToken cancellation)
    {
        var editor = Environment.GetEnvironmentVariable("VISUAL") ?? Environment.GetEnvironmentVariable("EDITOR");
        if (!session.Screen.IsTerminal || Console.IsInputRedirected || string.IsNullOrWhiteSpace(editor))
        {
            throw CommandFailure.Usage("nothing to change: give options such as --every 30s, or set EDITOR and use a terminal.");
        }

        var file = Path.Combine(Path.GetTempPath(), $"pontual-{Path.GetRandomFileName()}.json");
        try
        {
            await File.WriteAllTextAsync(file, job.ToJsonString(Readable), cancellation);
            // By a shell, so that EDITOR may carry arguments ("code --wait").
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{editor} \"$1\"", "sh", file]))!;
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? Parse(await File.ReadAllTextAsync(file, cancellation))
                : throw CommandFailure.Failed($"{editor} ended with {process.ExitCode}: nothing was changed.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject
                ?? throw CommandFailure.Usage("what you wrote is not a JSON object: nothing was changed.");
        }
        catch (JsonException broken)
        {
            throw CommandFailure.Usage($"what you wrote is not JSON, so nothing was changed: {broken.Message}");
        }
    }
}
