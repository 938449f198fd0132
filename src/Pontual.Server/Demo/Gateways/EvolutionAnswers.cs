using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The errors of Evolution in their envelope.</summary>
internal static class EvolutionAnswers
{
    public static IResult Error(int status, string error, JsonNode message) =>
        Results.Json(ErrorBody(status, error, message), statusCode: status);

    /// <summary>The envelope; the message is text, an array, or an array inside an array.</summary>
    public static JsonObject ErrorBody(int status, string error, JsonNode message) =>
        new()
        {
            ["status"] = status,
            ["error"] = error,
            ["response"] = new JsonObject { ["message"] = message },
        };
}
