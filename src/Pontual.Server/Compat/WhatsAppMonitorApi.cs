using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Checking;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Compat;

/// <summary>The monitor of S4, at the root and under the prefixes that its callers know: a check of all sessions, and how they are (S4-03 to S4-05).</summary>
/// <remarks>Its callers are a database's <c>net.http_post</c>, cron services and browsers: a body of any type is read as JSON, and may be left out.</remarks>
internal static class WhatsAppMonitorApi
{
    /// <summary>The organization of whoever does not speak of organizations.</summary>
    private const string DefaultOrganization = "org_default";

    /// <summary>Far more than any organization has.</summary>
    private const int MostChannels = 10_000;

    public static void MapWhatsAppMonitor(this IEndpointRouteBuilder routes, IReadOnlyList<string> prefixes)
    {
        foreach (var prefix in prefixes.Prepend("").Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var start = routes.MapPost($"{prefix}/whatsapp/monitor/start", Start).Needs(TokenScope.Operate).Takes();
            var status = routes.MapPost($"{prefix}/channels/whatsapp/status", Status).Needs(TokenScope.Read).Takes().OnlyReads();
            if (prefix.Length > 0)
            {
                start.ExcludeFromDescription();
                status.ExcludeFromDescription();
                continue;
            }

            Describe(start, status);
        }
    }

    private static void Describe(RouteHandlerBuilder start, RouteHandlerBuilder status)
    {
        start
            .TakesBody("{ \"organization_id\": org_default, or the name of the tenant } (optional)", required: false)
            .WithName("StartWhatsAppMonitor")
            .WithSummary("Checks all sessions once and cures what dropped. While another check goes on it does nothing and says so.")
            .Produces<MonitorStartedView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        status
            .TakesBody("{ \"organization_id\": org_default, or the name of the tenant } (optional)", required: false)
            .WithName("ShowWhatsAppStatus")
            .WithSummary("How the sessions are, as last checked, without asking any gateway: for pages that ask again and again.")
            .Produces<MonitorStatusView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> Start(
        HttpContext context,
        SessionCheck check,
        ChannelOptions options,
        CancellationToken cancellation
    )
    {
        if (await ProblemOfAsync(context) is { } problem)
        {
            return problem;
        }

        var report = await check.RunAsync(context.User.Tenant(), new CheckWish { Rules = options.Rules }, "api", cancellation);
        return TypedResults.Ok(new MonitorStartedView(true, report.AlreadyRunning, report.Channels.Count, report.Tried));
    }

    private static async Task<IResult> Status(HttpContext context, ChannelStore channels, CancellationToken cancellation)
    {
        if (await ProblemOfAsync(context) is { } problem)
        {
            return problem;
        }

        var known = await channels.ListAsync(context.User.Tenant(), "", MostChannels, cancellation);
        return TypedResults.Ok(MonitorStatusView.Of(known));
    }

    /// <summary>Whether the body says nothing, or names the caller's own organization.</summary>
    private static async Task<IResult?> ProblemOfAsync(HttpContext context)
    {
        var bytes = await StrictJson.ReadBytesAsync(context.Request);
        if (bytes.IsEmpty)
        {
            return null;
        }

        if (!StrictJson.Parse(bytes).IsJson(out var json, out var problem))
        {
            return problem;
        }

        if (json.Value.ValueKind is not JsonValueKind.Object)
        {
            return Wrong("", "the body is no JSON object", "send {} or nothing, or { \"organization_id\": \"org_default\" }");
        }

        if (!json.Value.TryGetProperty("organization_id", out var said) || said.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (!DocumentText.TryRead(said, out var organization))
        {
            return Wrong("/organization_id", $"{DocumentText.Quote(said)} is no text", "send org_default, or the name of the tenant");
        }

        return IsOf(context.User, organization) ? null : Problems.OtherTenant(organization);
    }

    private static bool IsOf(ClaimsPrincipal caller, string organization) =>
        organization == DefaultOrganization
            ? caller.Tenant().IsDefault
            : TenantName.TryParse(organization, out var tenant) && tenant == caller.Tenant();

    private static IResult Wrong(string path, string message, string fix) =>
        Problems.InvalidDocument([new DocumentProblem(path, "type", message, fix)]);
}
