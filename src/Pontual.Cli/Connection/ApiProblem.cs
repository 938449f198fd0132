using System.Net;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Connection;

/// <summary>Turns problem details (RFC 9457) into a line for people and an exit code for scripts.</summary>
internal static class ApiProblem
{
    public static CommandFailure Of(HttpStatusCode status, string body, Uri server, Func<JsonElement, string> line)
    {
        var json = Parse(body);
        var exitCode = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Refused,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge => ExitCode.Usage,
            HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ExitCode.Unreachable,
            _ => ExitCode.Failed,
        };
        var details = Details(json, line).ToList();
        if (details is [var only])
        {
            return new CommandFailure(exitCode, only);
        }

        var message = json.Text("detail") ?? json.Text("title") ?? $"{server} answered {(int)status} {status}.";
        return new CommandFailure(exitCode, Advice(status, message), details);
    }

    private static string Advice(HttpStatusCode status, string message) =>
        status switch
        {
            HttpStatusCode.Unauthorized => $"{message} Give a valid token with --token or PONTUAL_TOKEN.",
            HttpStatusCode.Forbidden => $"{message} Use a token with a wider scope.",
            _ => message,
        };

    /// <summary>Every invalid field: our own list, or ASP.NET's map of field to messages.</summary>
    private static IEnumerable<string> Details(JsonElement json, Func<JsonElement, string> line)
    {
        if (json.Member("errors") is not { } errors)
        {
            return [];
        }

        return errors.ValueKind is JsonValueKind.Array
            ? errors.EnumerateArray().Select(line)
            : errors.EnumerateObject().Select(error => $"{error.Name}: {error.Value}");
    }

    private static JsonElement Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
