using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Refuses job names and run ids in paths that are none, and runs of other tenants, so that endpoints can take them as typed parameters.</summary>
internal static class RouteValues
{
    /// <summary>The route parameter that is a job's name.</summary>
    public const string JobName = "name";

    /// <summary>The route parameter that is a run's id.</summary>
    public const string RunId = "id";

    public static void UseRouteValues(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) => await ((Check(context) ?? await CheckOwnerAsync(context))?.ExecuteAsync(context) ?? next(context))
        );

    private static IResult? Check(HttpContext context)
    {
        if (context.GetRouteValue(JobName) is string name && !Engine.Jobs.JobName.TryParse(name, out _))
        {
            return Problems.InvalidName(name);
        }

        return context.GetRouteValue(RunId) is string id && !Guid.TryParseExact(id, "D", out _) ? Problems.InvalidRunId(id) : null;
    }

    /// <summary>Another tenant's run is as good as none. What lets in without a caller (a callback) has its own proof.</summary>
    private static async Task<IResult?> CheckOwnerAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated != true || context.GetRouteValue(RunId) is not string text)
        {
            return null;
        }

        var id = Guid.ParseExact(text, "D");
        var runs = context.RequestServices.GetRequiredService<IRunViews>();
        var tenant = await runs.TenantOfAsync(id, context.RequestAborted);
        return tenant is { } owner && owner != context.User.Tenant() ? Problems.RunNotFound(id) : null;
    }
}
