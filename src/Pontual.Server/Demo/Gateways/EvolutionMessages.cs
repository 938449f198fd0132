using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pontual.Server.Demo.Gateways;

/// <summary>How Evolution sends, checks numbers and finds stored messages.</summary>
internal sealed class EvolutionMessages(World world)
{
    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder routes, Func<HttpContext, string, Func<SimulatedSession, IResult>, IResult> instance)
    {
        foreach (var (path, kind) in new[] { ("sendText", "text"), ("sendMedia", "media"), ("sendWhatsAppAudio", "audio") })
        {
            routes.MapPost(
                $"/message/{path}/{{name}}",
                (HttpContext http, string name, JsonElement body) => instance(http, name, session => Send(http, session, body, kind))
            );
        }

        routes.MapPost(
            "/chat/whatsappNumbers/{name}",
            (HttpContext http, string name, JsonElement body) => instance(http, name, session => Check(session, body))
        );
        routes.MapPost(
            "/chat/fetchBusinessProfile/{name}",
            (HttpContext http, string name, JsonElement body) => instance(http, name, session => Probe(session, body))
        );
        routes.MapPost(
            "/chat/findMessages/{name}",
            (HttpContext http, string name, JsonElement body) => instance(http, name, session => Find(session, body))
        );
    }

    private IResult Send(HttpContext http, SimulatedSession session, JsonElement body, string kind)
    {
        var to = TextOf(body, "number");
        if (to is null || (kind == "text" && TextOf(body, "text") is null))
        {
            return EvolutionAnswers.Error(
                400,
                "Bad Request",
                new JsonArray(new JsonArray($"instance requires property \"{(to is null ? "number" : "text")}\""))
            );
        }

        if (NotConnected(session) is { } refusal)
        {
            return refusal;
        }

        var group = to.EndsWith("@g.us", StringComparison.Ordinal) ? to.Split('@')[0] : null;
        var digits = World.CanonicalOf(to.Split('@')[0]);
        if (group is null && !world.Exists(digits))
        {
            return EvolutionAnswers.Error(
                400,
                "Bad Request",
                new JsonArray(
                    new JsonObject
                    {
                        ["jid"] = $"{digits}@s.whatsapp.net",
                        ["exists"] = false,
                        ["number"] = to,
                    }
                )
            );
        }

        world.NoteSend(http, session, to);
        var medium = kind == "media" ? TextOf(body, "mediatype") ?? "document" : kind;
        var refused = session.RefusalOf(group ?? digits);
        var message = session.Send(digits, TextOf(body, kind == "text" ? "text" : "caption"), medium, group);
        if (refused > 0)
        {
            session.Fail(message, refused);
        }

        return Results.Json(EvolutionShapes.Message(session, message, world), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>A connection that is closed or was dropped fails at once, in two ways. One that reports open does not, alive or not.</summary>
    private static IResult? NotConnected(SimulatedSession session) =>
        session.Link switch
        {
            Link.Open => null,
            Link.Connecting => EvolutionAnswers.Error(500, "Internal Server Error", "Connection Closed"),
            _ => EvolutionAnswers.Error(500, "Internal Server Error", "Cannot read properties of undefined (reading 'onWhatsApp')"),
        };

    /// <summary>Of a session that is not connected the answer is 400 and nothing else. Numbers that were asked before come from a table, dead or not.</summary>
    private IResult Check(SimulatedSession session, JsonElement body)
    {
        if (session.Link is not Link.Open || !body.TryGetProperty("numbers", out var numbers))
        {
            return Results.Json(new { }, statusCode: StatusCodes.Status400BadRequest);
        }

        var rows = new List<object>();
        foreach (var number in numbers.EnumerateArray().Select(each => each.GetString()!))
        {
            world.Note(session, CommandKind.Check, number);
            var digits = World.CanonicalOf(number.Split('@')[0]);
            var exists = world.Exists(number) && world.Exists(digits);
            rows.Add(
                exists
                    ? new
                    {
                        jid = $"{digits}@s.whatsapp.net",
                        exists,
                        number,
                        name = $"Peer {digits[^4..]}",
                    }
                    : new
                    {
                        jid = $"{number}@s.whatsapp.net",
                        exists,
                        number,
                    }
            );
        }

        return Results.Json(rows);
    }

    /// <summary>The profile of a business is always asked of the platform: a dead session cannot.</summary>
    private IResult Probe(SimulatedSession session, JsonElement body)
    {
        world.Note(session, CommandKind.Probe, TextOf(body, "number") ?? "");
        return session.IsAlive
            ? Results.Json(
                new
                {
                    isBusiness = false,
                    message = "Not is business profile",
                    jid = $"{session.Phone}@s.whatsapp.net",
                    exists = true,
                }
            )
            : EvolutionAnswers.Error(500, "Internal Server Error", new JsonArray("Error updating profile name", "Error: Timed Out"));
    }

    /// <summary>The newest first, so many a page. The time is a filter only with both its ends, as text.</summary>
    private IResult Find(SimulatedSession session, JsonElement body)
    {
        var page = body.TryGetProperty("page", out var asked) && asked.TryGetInt32(out var number) ? Math.Max(1, number) : 1;
        var size = body.TryGetProperty("offset", out var offset) && offset.TryGetInt32(out var most) && most > 0 ? most : PageSize;
        var found = session.Messages.Where(message => IsIn(message, body)).Reverse().ToList();
        return Results.Json(
            new
            {
                messages = new
                {
                    total = found.Count,
                    pages = (found.Count + size - 1) / size,
                    currentPage = page,
                    records = found.Skip((page - 1) * size).Take(size).Select(message => EvolutionShapes.Message(session, message, world)),
                },
            }
        );
    }

    private static bool IsIn(SimulatedMessage message, JsonElement body) =>
        !body.TryGetProperty("where", out var where)
        || !where.TryGetProperty("messageTimestamp", out var span)
        || TextOf(span, "gte") is not { } from
        || TextOf(span, "lte") is not { } to
        || (
            message.At.ToUnixTimeSeconds() >= DateTimeOffset.Parse(from, CultureInfo.InvariantCulture).ToUnixTimeSeconds()
            && message.At.ToUnixTimeSeconds() <= DateTimeOffset.Parse(to, CultureInfo.InvariantCulture).ToUnixTimeSeconds()
        );

    private static string? TextOf(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
