using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;
using Pontual.Messaging.Retention;

namespace Pontual.Messaging.Inbox;

/// <summary>Registers the inbox: where webhooks come in, and what they tell is taken in.</summary>
internal sealed class InboxModule : IMessagingModule
{
    public void Add(IServiceCollection services)
    {
        services.TryAddSingleton<InboxOptions>();
        services.AddSingleton<InboxBell>();
        services.AddSingleton<WebhookReaders>();
        services.AddSingleton<IWebhookLog, WebhookLogStore>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<InboxReader>();
        services.AddSingleton(new KeptRows("webhooks that were read", keep => keep.Webhooks, UnreadStore.DropReadAsync));
        services.AddSingleton(
            new KeptRows("webhooks that failed or were refused", keep => keep.FailedWebhooks, UnreadStore.DropTroubledAsync)
        );
        services.AddSingleton(new KeptRows("messages", keep => keep.Messages, MessageStore.DropAsync));
        services.AddSingleton(provider => new WebhookIntake(
            provider.GetRequiredService<IWebhookLog>(),
            provider.GetRequiredService<WebhookReaders>(),
            provider.GetRequiredService<InboxBell>(),
            provider.GetRequiredService<IRandomBytes>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WebhookIntake>>()
        ));
    }
}

/// <summary>Lets a node read what came in.</summary>
public static class InboxReading
{
    /// <summary>Reads on this node. Every node may: they share the work.</summary>
    public static IServiceCollection AddInboxReading(this IServiceCollection services) => services.AddHostedService<InboxLoop>();
}
