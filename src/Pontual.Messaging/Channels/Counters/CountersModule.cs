using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Registry;
using Pontual.Messaging.Inbox;
using Pontual.Messaging.Retention;
using Pontual.Runners.Handler;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Registers what is counted of channels, and their scores of trust.</summary>
internal sealed class CountersModule : IMessagingModule
{
    public void Add(IServiceCollection services)
    {
        services.AddSingleton<IInboxListener, ChannelCounting>();
        services.AddSingleton(provider => new ChannelDays(
            provider.GetRequiredService<PontualDatabase>(),
            provider.GetRequiredService<ChannelOptions>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new TrustScoring(
            provider.GetRequiredService<PontualDatabase>(),
            provider.GetRequiredService<ChannelStore>(),
            provider.GetRequiredService<GatewayStore>(),
            provider.GetRequiredService<ChannelOptions>(),
            provider.GetRequiredService<IRandomBytes>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(new KeptRows("scores of trust", keep => keep.Scores, TrustRowStore.DropAsync));
        services.AddSingleton<SnapshotChannels>();
        services.AddSingleton<ResetChannelCounters>();
        services.AddSingleton<ScoreChannels>();
        services
            .AddJobHandler<SnapshotChannels>(SnapshotChannels.Name)
            .AddJobHandler<ResetChannelCounters>(ResetChannelCounters.Name)
            .AddJobHandler<ScoreChannels>(ScoreChannels.Name);
    }
}
