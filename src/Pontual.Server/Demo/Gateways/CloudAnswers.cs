using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The errors of the Graph API.</summary>
internal static class CloudAnswers
{
    public static IResult BadToken => Error(401, 190, "Invalid OAuth access token - Cannot parse access token");

    public static IResult NoSuchObject(string id) =>
        Error(400, 100, $"Unsupported request. Object with ID '{id}' does not exist, or cannot be loaded due to missing permissions", 33);

    public static IResult Error(int status, int code, string message, int? subcode = null) =>
        Results.Json(ErrorBody(code, message, subcode), statusCode: status);

    public static JsonObject ErrorBody(int code, string message, int? subcode = null)
    {
        var error = new JsonObject
        {
            ["message"] = message,
            ["type"] = "OAuthException",
            ["code"] = code,
            ["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = message },
            ["fbtrace_id"] = "A1b2C3",
        };
        if (subcode is not null)
        {
            error["error_subcode"] = subcode;
        }

        return new JsonObject { ["error"] = error };
    }
}
