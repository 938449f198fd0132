using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;

namespace Pontual.Server.Watches;

/// <summary>Registers the watches over what the engine keeps.</summary>
internal static class WatchesRegistration
{
    public static void AddWatches(this IServiceCollection services)
    {
        services.AddSingleton<IWatch, JobWatch>();
        services.AddSingleton<IWatch, NodeWatch>();
        services.AddSingleton<IWatch, QueueWatch>();
        services.AddSingleton<IWatch, RouteWatch>();
        services.AddSingleton<IWatch, OutageWatch>();
        services.AddSingleton<IWatch, CheckWatch>();
        services.AddSingleton<IWatch, CircuitWatch>();
        services.AddSingleton<IWatch, ChannelWatch>();
    }
}
