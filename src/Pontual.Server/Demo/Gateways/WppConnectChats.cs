using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pontual.Server.Demo.Gateways;

/// <summary>How WPPConnect sends, looks numbers up and lists what the page has.</summary>
internal sealed class WppConnectChats(World world)
{
    private const int LongestPhone = 14;

    public void Map(IEndpointRouteBuilder routes, Func<HttpContext, string, Func<SimulatedSession, IResult>, IResult> live)
    {
        foreach (
            var (route, kind) in new[]
            {
                ("send-message", "text"),
                ("send-file", "document"),
                ("send-file-base64", "document"),
                ("send-voice", "audio"),
                ("send-voice-base64", "audio"),
            }
        )
        {
            routes.MapPost(
                $"/api/{{name}}/{route}",
                (HttpContext http, string name) =>
                    WppConnectAnswers.WithBody(http, body => live(http, name, session => Send(http, session, body, kind)))
            );
        }

        routes.MapGet(
            "/api/{name}/check-number-status/{phone}",
            (HttpContext http, string name, string phone) => live(http, name, session => Check(session, phone))
        );
        routes.MapPost(
            "/api/{name}/list-chats",
            (HttpContext http, string name) => WppConnectAnswers.WithBody(http, body => live(http, name, session => List(session, body)))
        );
        routes.MapGet(
            "/api/{name}/get-messages/{chat}",
            (HttpContext http, string name, string chat, int? count) => live(http, name, session => Read(session, chat, count ?? 20))
        );
    }

    /// <summary>The trap: of a number that is not found, or whose look-up fails, 400 is answered, and then all are sent to that can be.</summary>
    private IResult Send(HttpContext http, SimulatedSession session, JsonElement body, string kind)
    {
        var isGroup = body.TryGetProperty("isGroup", out var group) && group.ValueKind is JsonValueKind.True;
        var isLid = body.TryGetProperty("isLid", out var lid) && lid.ValueKind is JsonValueKind.True;
        string? missing = null;
        var sent = new JsonArray();
        foreach (var to in Recipients(body))
        {
            var canonical = World.CanonicalOf(to);
            var isLookedUp = !isGroup && !isLid && to.Length <= LongestPhone;
            var exists = !isLookedUp || (world.Exists(to) && world.Exists(canonical));
            if (isLookedUp && (!exists || session.Take(FaultKind.LookupFails)))
            {
                missing ??= to;
            }

            if (exists)
            {
                sent.Add(SendOne(http, session, isGroup ? to : canonical, TextIn(body, kind), kind, isGroup));
            }
        }

        return missing is null
            ? Results.Json(
                new
                {
                    status = "success",
                    response = sent,
                    mapper = "return",
                },
                statusCode: StatusCodes.Status201Created
            )
            : Results.Json(
                new
                {
                    response = (string?)null,
                    status = "Connected",
                    message = $"(in Portuguese: the number {missing} does not exist)",
                },
                statusCode: 400
            );
    }

    private JsonObject SendOne(HttpContext http, SimulatedSession session, string to, string? text, string kind, bool isGroup)
    {
        world.NoteSend(http, session, to);
        var refused = session.RefusalOf(to);
        var message = session.Send(to, text, kind, isGroup ? to : null);
        if (refused > 0)
        {
            session.Fail(message, refused);
        }

        return WppConnectShapes.Message(session, message, world);
    }

    /// <summary>One text with commas is several recipients, as a list is.</summary>
    private static IEnumerable<string> Recipients(JsonElement body) =>
        !body.TryGetProperty("phone", out var phone) ? []
        : phone.ValueKind is JsonValueKind.Array ? phone.EnumerateArray().Select(each => Digits(each.GetString()!))
        : phone.GetString()!.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Digits);

    private static string Digits(string to) => to.Split('@')[0];

    private static string? TextIn(JsonElement body, string kind) =>
        body.TryGetProperty(kind == "text" ? "message" : "caption", out var text) ? text.GetString() : null;

    /// <summary>A look-up goes to the platform: a dead session cannot. A number that nobody has is answered with 200.</summary>
    private IResult Check(SimulatedSession session, string phone)
    {
        world.Note(session, phone == session.Phone ? CommandKind.Probe : CommandKind.Check, phone);
        if (!session.IsAlive || session.Take(FaultKind.LookupFails))
        {
            return Results.Json(new { status = "error", message = "Error on check number status" }, statusCode: 500);
        }

        var canonical = World.CanonicalOf(Digits(phone));
        var exists = world.Exists(phone) && world.Exists(canonical);
        JsonNode id = exists
            ? new JsonObject
            {
                ["server"] = "c.us",
                ["user"] = canonical,
                ["_serialized"] = $"{canonical}@c.us",
            }
            : $"{phone}@c.us";
        return Results.Json(
            new
            {
                status = "success",
                response = new JsonObject
                {
                    ["id"] = id,
                    ["isBusiness"] = false,
                    ["canReceiveMessage"] = exists,
                    ["numberExists"] = exists,
                    ["status"] = exists ? 200 : 404,
                },
            }
        );
    }

    private static IResult List(SimulatedSession session, JsonElement body)
    {
        var chats = session
            .Messages.GroupBy(WppConnectShapes.ChatOf)
            .Select(chat => (Id: chat.Key, At: chat.Max(message => message.At)))
            .OrderByDescending(chat => chat.At)
            .ThenBy(chat => chat.Id, StringComparer.Ordinal)
            .ToList();
        if (body.TryGetProperty("id", out var after) && after.GetString() is { } last)
        {
            chats = [.. chats.SkipWhile(chat => chat.Id != last).Skip(1)];
        }

        var count = body.TryGetProperty("count", out var most) && most.TryGetInt32(out var number) ? number : chats.Count;
        return Results.Json(
            chats
                .Take(count)
                .Select(chat => new
                {
                    id = new { _serialized = chat.Id },
                    t = chat.At.ToUnixTimeSeconds(),
                    msgs = (string?)null,
                })
        );
    }

    /// <summary>A chat that is not there is answered with 401, which has nothing to do with the token.</summary>
    private IResult Read(SimulatedSession session, string chat, int count)
    {
        var messages = session.Messages.Where(message => WppConnectShapes.ChatOf(message) == chat).ToList();
        return messages.Count == 0
            ? Results.Json(new { status = "error", response = "Error on open list" }, statusCode: 401)
            : Results.Json(
                new
                {
                    status = "success",
                    response = messages.TakeLast(count).Select(message => WppConnectShapes.Message(session, message, world)),
                }
            );
    }
}
