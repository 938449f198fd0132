using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual health</c>: how the server, its nodes and its jobs are, the worst first; 0 when they are well, 1 when not.</summary>
internal static class HealthCommand
{
    public static Command Create() =>
        new Command("health", "Say how the server, its nodes and its jobs are, the worst first (exit code 0 or 1)").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var read = await HealthReading.ReadAsync(api, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(JsonSerializer.SerializeToElement(Json(read)));
                }
                else
                {
                    HealthView.Show(session.Screen, api.Server, read);
                }

                return read.IsWell ? ExitCode.Ok : ExitCode.Failed;
            }
        );

    /// <summary>What <c>/health/jobs</c> says, with what belongs to it from elsewhere.</summary>
    private static JsonObject Json(HealthReading read)
    {
        var json = read.Jobs.ValueKind is JsonValueKind.Object ? JsonObject.Create(read.Jobs)! : [];
        json["ready"] = read.IsReady;
        Add("score", read.Score);
        Add("nodes", read.Nodes);
        Add("checks", read.Checks);
        Add("alerts", read.Alerts);
        return json;

        void Add(string key, JsonElement? value)
        {
            if (value is { } known)
            {
                json[key] = JsonNode.Parse(known.GetRawText());
            }
        }
    }
}
