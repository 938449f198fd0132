using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Access;
using Pontual.Server.Access;
using Pontual.Server.Api;
using Pontual.Server.Composition;

namespace Pontual.Server.Metrics;

/// <summary>What Prometheus scrapes.</summary>
internal static class MetricsApi
{
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        var route = app.MapGet("/metrics", Metrics).Takes().ExcludeFromDescription();
        if (app.ServiceProvider.GetRequiredService<ServerConfiguration>().OpenMetrics)
        {
            route.AllowAnonymous();
        }
        else
        {
            route.Needs(TokenScope.Read).ForInstallation();
        }
    }

    private static async Task<ContentHttpResult> Metrics(MetricBook book, MetricFacts facts, CancellationToken cancellation)
    {
        var text = new PrometheusText();
        book.WriteTo(text);
        await facts.WriteToAsync(text, cancellation);
        ProcessFacts.WriteTo(text);
        return TypedResults.Text(text.ToString(), PrometheusText.ContentType);
    }
}
