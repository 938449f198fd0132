using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Demo.Gateways;

/// <summary>Answers of WPPConnect-Server.</summary>
internal static class WppConnectAnswers
{
    /// <summary>The session has no browser that is signed in: nothing was done.</summary>
    public static IResult Disconnected =>
        Results.Json(
            new
            {
                response = (string?)null,
                status = "Disconnected",
                message = "(in Portuguese: the session is not active)",
            },
            statusCode: 404
        );

    /// <summary>Sending failed somewhere.</summary>
    public static JsonObject SendError =>
        new()
        {
            ["status"] = "Error",
            ["message"] = "Error sending the message.",
            ["error"] = new JsonObject(),
        };

    /// <summary>A page of HTML: what is not understood is not answered in JSON.</summary>
    public static IResult Page(int status, string text) =>
        Results.Content($"<!DOCTYPE html><html><body><pre>{text}</pre></body></html>", "text/html", statusCode: status);

    /// <summary>Reads the body of a request; an empty one is an empty object.</summary>
    public static async Task<IResult> WithBody(HttpContext http, Func<JsonElement, IResult> answer)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        try
        {
            return answer(JsonElement.Parse(bytes.Length == 0 ? "{}"u8 : bytes.ToArray()));
        }
        catch (JsonException)
        {
            return Page(400, "SyntaxError: Unexpected token in JSON<br> at JSON.parse");
        }
    }
}
