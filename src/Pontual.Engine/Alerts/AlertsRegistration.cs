using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Pontual.Engine.Alerts;

/// <summary>Puts the watch into a host.</summary>
public static class AlertsRegistration
{
    /// <summary>Adds who looks and who delivers. Watches (<see cref="IWatch"/>), ways of telling (<see cref="INoticeSender"/>) and stores are added by others.</summary>
    public static IServiceCollection AddPontualAlerts(this IServiceCollection services)
    {
        services.TryAddSingleton<WatchOptions>();
        services.AddSingleton<Courier>();
        services.AddSingleton<Watcher>();
        services.AddSingleton<INoticeTrial, NoticeTrial>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Courier>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Watcher>());
        return services;
    }
}
