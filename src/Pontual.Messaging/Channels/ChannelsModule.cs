using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Hearing;
using Pontual.Messaging.Channels.Outages;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;
using Pontual.Messaging.Retention;
using Pontual.Runners.Handler;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels;

/// <summary>Registers channels: the gateways, their checks, and what webhooks tell of them.</summary>
internal sealed class ChannelsModule : IMessagingModule
{
    public void Add(IServiceCollection services)
    {
        foreach (var connector in Connectors())
        {
            services.AddSingleton(connector);
        }

        services.TryAddSingleton<ChannelOptions>();
        services.AddSingleton<GatewayStore>();
        services.AddSingleton<GatewayOpener>();
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<ChannelSync>();
        services.AddSingleton<IGatewayDirectory, GatewayDirectory>();
        services.AddSingleton<IInboxListener, ChannelHearing>();
        services.AddSingleton<CheckTurnStore>();
        services.AddSingleton<KnownQuiet>();
        services.AddSingleton<OutageLedger>();
        services.AddSingleton<SessionQuestions>();
        services.AddSingleton<ChannelCheck>();
        services.AddSingleton(provider => new GapSearch(
            provider.GetRequiredService<PontualDatabase>(),
            provider.GetRequiredService<InboxReader>(),
            provider.GetRequiredService<GatewayOpener>(),
            provider.GetRequiredService<IRandomBytes>(),
            provider.GetRequiredService<ILogger<GapSearch>>()
        ));
        services.AddSingleton(new KeptRows("outages of channels", keep => keep.Outages, OutageRowStore.DropAsync));
        services.AddSingleton<GatewayCheck>();
        services.AddSingleton<SessionCheck>();
        services.AddSingleton<ChannelActs>();
        services.AddSingleton<CheckSessions>();
        services.AddSingleton<SyncChannels>();
        services.AddJobHandler<CheckSessions>(CheckSessions.Name).AddJobHandler<SyncChannels>(SyncChannels.Name);
    }

    /// <summary>The connectors of this assembly: a new one is found by its interface.</summary>
    private static IEnumerable<IGatewayConnector> Connectors() =>
        typeof(ChannelsModule)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IGatewayConnector).IsAssignableFrom(type))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (IGatewayConnector)Activator.CreateInstance(type)!);
}
