using Microsoft.Extensions.DependencyInjection;
using Pontual.Messaging.Contacts;
using Pontual.Runners.Handler;

namespace Pontual.Messaging.Providers;

/// <summary>Registers the customers of providers.</summary>
internal sealed class ProvidersModule : IMessagingModule
{
    public void Add(IServiceCollection services)
    {
        services.AddSingleton<ContactStore>();
        services.AddSingleton<CustomerPages>();
        services.AddSingleton<SyncCustomers>();
        services.AddJobHandler<SyncCustomers>(SyncCustomers.Name);
    }
}
