using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Demo.Gateways;

/// <summary>How the Cloud API takes messages. That a number does not exist is told later, by a webhook.</summary>
internal sealed class CloudMessages(World world)
{
    private const int Undeliverable = 131026;
    private const int SpamLimit = 131048;
    private const int NotRegistered = 133010;

    public async Task<IResult> SendAsync(HttpContext http, Func<(SimulatedSession? Session, IResult Refusal)> find)
    {
        if (find() is var (found, refusal) && found is not { } session)
        {
            return refusal;
        }

        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            return CloudAnswers.Error(400, 100, "(#100) The parameter messaging_product is required.");
        }

        return RefusalOf(session, body) ?? Take(http, session, body!);
    }

    public async Task<IResult> UploadAsync(HttpContext http, Func<(SimulatedSession? Session, IResult Refusal)> find)
    {
        if (find() is var (found, refusal) && found is null)
        {
            return refusal;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["messaging_product"] == "whatsapp" && form.Files is [{ Length: > 0 } file]
            ? Results.Json(new { id = world.Id(16, "media", file.FileName, file.ContentType) })
            : CloudAnswers.Error(400, 100, "(#100) Invalid parameter");
    }

    private static IResult? RefusalOf(SimulatedSession session, JsonNode? body)
    {
        var to = (string?)body?["to"] ?? (string?)body?["recipient"];
        return (string?)body?["messaging_product"] != "whatsapp" || to is null
                ? CloudAnswers.Error(400, 100, "(#100) The parameter to is required.")
            : session.Link is not Link.Open ? CloudAnswers.Error(400, NotRegistered, "(#133010) Account not registered")
            : session.RefusalOf(to) > 0 ? CloudAnswers.Error(400, SpamLimit, "(#131048) Spam rate limit hit")
            : null;
    }

    private IResult Take(HttpContext http, SimulatedSession session, JsonNode body)
    {
        var to = (string?)body["to"];
        var peer = to ?? (string)body["recipient"]!;
        var type = (string?)body["type"] ?? "text";
        world.NoteSend(http, session, peer);
        var text = type switch
        {
            "text" => (string?)body["text"]?["body"],
            "template" => (string?)body["template"]?["name"],
            _ => (string?)body[type]?["caption"],
        };
        var canonical = to is null ? peer : World.CanonicalOf(peer);
        var message = session.Send(canonical, text, type, reference: (string?)body["biz_opaque_callback_data"]);
        if (to is not null && !world.Exists(to))
        {
            session.Fail(message, Undeliverable);
        }

        var contact = new JsonObject { ["input"] = peer, [to is null ? "user_id" : "wa_id"] = canonical };
        return Results.Json(
            new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["contacts"] = new JsonArray(contact),
                ["messages"] = new JsonArray(
                    new JsonObject
                    {
                        ["id"] = CloudTales.IdOf(message),
                        ["message_status"] = type == "template" ? "held_for_quality_assessment" : "accepted",
                    }
                ),
            }
        );
    }
}
