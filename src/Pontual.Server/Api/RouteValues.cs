using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pontual.Server.Api;

/// <summary>Refuses job names and run ids in paths that are none, so that endpoints can take them as typed parameters.</summary>
internal static class RouteValues
{
    /// <summary>The route parameter that is a job's name.</summary>
    public const string JobName = "name";

    /// <summary>The route parameter that is a run's id.</summary>
    public const string RunId = "id";

    public static void UseRouteValues(this IApplicationBuilder app) =>
        app.Use((context, next) => Check(context) is { } problem ? problem.ExecuteAsync(context) : next(context));

    private static IResult? Check(HttpContext context)
    {
        if (context.GetRouteValue(JobName) is string name && !Engine.Jobs.JobName.TryParse(name, out _))
        {
            return Problems.InvalidName(name);
        }

        return context.GetRouteValue(RunId) is string id && !Guid.TryParseExact(id, "D", out _) ? Problems.InvalidRunId(id) : null;
    }
}
