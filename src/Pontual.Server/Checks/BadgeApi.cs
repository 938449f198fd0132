using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Checks;

namespace Pontual.Server.Checks;

/// <summary>Badges for pages of others: <c>/badge/KEY.svg</c>, and <c>.json</c> as badge services read it. Let in by the badge's key alone.</summary>
internal static class BadgeApi
{
    public static void MapBadges(this IEndpointRouteBuilder app) =>
        app.MapGet("/badge/{file}", Show).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Show(
        string file,
        HttpResponse response,
        IPingStore pings,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var (key, kind) = (Path.GetFileNameWithoutExtension(file), Path.GetExtension(file));
        if (
            kind is not (".svg" or ".json")
            || !CheckSecrets.IsPlausible(key)
            || await pings.FindByBadgeAsync(key, cancellation) is not { } check
        )
        {
            return TypedResults.Text("not found", "text/plain", statusCode: StatusCodes.Status404NotFound);
        }

        // A page that is read often asks once a minute, and never shows what was long ago.
        response.Headers.CacheControl = "max-age=60, must-revalidate";
        var badge = Badge.Of(check, time.GetUtcNow());
        return kind == ".svg"
            ? TypedResults.Text(badge.Svg(), "image/svg+xml")
            : TypedResults.Json(new BadgeView(1, badge.Label, badge.Message, badge.Color, badge.Color is "red"));
    }

    /// <summary>A badge as badge services read it from elsewhere.</summary>
    private sealed record BadgeView(
        [property: JsonPropertyName("schemaVersion")] int SchemaVersion,
        string Label,
        string Message,
        string Color,
        [property: JsonPropertyName("isError")] bool IsError
    );
}
