using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pontual.Server.Demo.Gateways;

/// <summary>How WAHA sends, checks numbers and lists messages.</summary>
internal sealed class WahaMessages(World world)
{
    private static readonly string[] Missing = ["chatId must be a string"];

    public void Map(IEndpointRouteBuilder routes, Func<string, Func<SimulatedSession, IResult>, IResult> session)
    {
        foreach (
            var (path, kind) in new[] { ("Text", "text"), ("Image", "image"), ("Video", "video"), ("Voice", "audio"), ("File", "document") }
        )
        {
            routes.MapPost(
                $"/send{path}",
                (HttpContext http, JsonElement body) =>
                    session(TextOf(body, "session") ?? "default", sender => Send(http, sender, body, kind))
            );
        }

        routes.MapGet(
            "/contacts/check-exists",
            (string phone, HttpContext http) => session(http.Request.Query["session"].ToString(), asker => Check(asker, phone))
        );
        routes.MapGet("/{name}/chats/all/messages", (string name, HttpRequest request) => session(name, lister => List(lister, request)));
    }

    private IResult Send(HttpContext http, SimulatedSession session, JsonElement body, string kind)
    {
        if (session.Link is not Link.Open)
        {
            return WahaFace.NotWorking(session, "WORKING");
        }

        if (TextOf(body, "chatId") is not { } chat || (kind == "text" && TextOf(body, "text") is null))
        {
            return Results.Json(
                new
                {
                    statusCode = 400,
                    message = Missing,
                    error = "Bad Request",
                },
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        var group = chat.EndsWith("@g.us", StringComparison.Ordinal) ? chat.Split('@')[0] : null;
        var digits = World.CanonicalOf(chat.Split('@')[0]);
        if (session.RefusalOf(group ?? digits) is > 0 and var code)
        {
            world.Note(session, CommandKind.Send, $"{chat}, refused with {code}");
            return Failed($"2 UNKNOWN: server returned error {code}");
        }

        if (group is null && !world.Exists(digits))
        {
            return Failed("No LID for user");
        }

        world.NoteSend(http, session, chat);
        var message = session.Send(digits, TextOf(body, kind == "text" ? "text" : "caption"), kind, group);
        return Results.Json(WahaShapes.Sent(session, message), statusCode: StatusCodes.Status201Created);
    }

    private static IResult Failed(string message) =>
        Results.Json(WahaFace.EngineError(message), statusCode: StatusCodes.Status500InternalServerError);

    /// <summary>Asked of the platform each time: a dead session gets no answer from it.</summary>
    private IResult Check(SimulatedSession session, string phone)
    {
        world.Note(session, phone == session.Phone ? CommandKind.Probe : CommandKind.Check, phone);
        if (session.Link is not Link.Open)
        {
            return WahaFace.NotWorking(session, "WORKING");
        }

        var digits = World.CanonicalOf(phone);
        return !session.IsAlive ? Failed("Timed Out")
            : world.Exists(phone) && world.Exists(digits) ? Results.Json(new { numberExists = true, chatId = $"{digits}@c.us" })
            : Results.Json(new { numberExists = false });
    }

    private static IResult List(SimulatedSession session, HttpRequest request)
    {
        if (session.Engine == "WEBJS")
        {
            return Failed("Method not implemented");
        }

        var (limit, offset) = (Number(request, "limit", 10), Number(request, "offset", 0));
        var from = Number(request, "filter.timestamp.gte", 0);
        var found = session.Messages.Where(message => message.At.ToUnixTimeSeconds() >= from);
        var ordered = request.Query["sortOrder"] == "asc" ? found : found.Reverse();
        return Results.Json(ordered.Skip((int)offset).Take((int)limit).Select(message => WahaShapes.Message(session, message)));
    }

    private static long Number(HttpRequest request, string name, long usual) =>
        long.TryParse(request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : usual;

    private static string? TextOf(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
