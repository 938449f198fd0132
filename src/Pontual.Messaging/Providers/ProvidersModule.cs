using Microsoft.Extensions.DependencyInjection;
using Pontual.Messaging.Contacts;
using Pontual.Runners.Handler;

namespace Pontual.Messaging.Providers;

/// <summary>Registers the customers of providers.</summary>
public static class ProvidersModule
{
    /// <summary>Adds the handler <c>sgp_sync_inteligente</c>. Needs the store, the HTTP runner and secrets.</summary>
    public static IServiceCollection AddProviders(this IServiceCollection services)
    {
        services.AddSingleton<ContactStore>();
        services.AddSingleton<CustomerPages>();
        services.AddSingleton<SyncCustomers>();
        return services.AddJobHandler<SyncCustomers>(SyncCustomers.Name);
    }
}
