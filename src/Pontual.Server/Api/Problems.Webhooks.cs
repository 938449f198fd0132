using Microsoft.AspNetCore.Http.HttpResults;

namespace Pontual.Server.Api;

/// <summary>What goes wrong with webhooks.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult WebhookNotFound(string id) =>
        Of(
            404,
            "webhook-not-found",
            "There is no such webhook",
            $"No webhook has the id '{id}'. Those that were read are kept for 30 days, those that were not for 90.",
            new() { ["webhook"] = id }
        );
}
