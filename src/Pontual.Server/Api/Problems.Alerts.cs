using Microsoft.AspNetCore.Http.HttpResults;

namespace Pontual.Server.Api;

/// <summary>What goes wrong with alerts.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult AlertNotFound(string id) =>
        Of(404, "alert-not-found", "There is no such alert", $"No alert has the id '{id}'.", new() { ["alert"] = id });

    public static ProblemHttpResult AlertNotOpen(string id) =>
        Of(
            404,
            "alert-not-open",
            "There is no such open alert",
            $"No open alert has the id '{id}': what is resolved needs nobody any more. GET /api/v1/alerts lists the open ones.",
            new() { ["alert"] = id }
        );

    public static ProblemHttpResult AlertRouteNotFound(string name) =>
        Of(
            404,
            "alert-route-not-found",
            "There is no such route",
            $"No route of alerts is named '{name}'. GET /api/v1/alert-settings shows them.",
            new() { ["route"] = name }
        );

    public static ProblemHttpResult SilenceNotFound(string id) =>
        Of(
            404,
            "silence-not-found",
            "There is no such silence",
            $"No silence that holds now or later has the id '{id}'.",
            new() { ["silence"] = id }
        );
}
