using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;
using Pontual.Runners.Http;

namespace Pontual.Runners.Notices;

/// <summary>Registers the ways of telling.</summary>
public static class NoticesRegistration
{
    /// <summary>Adds webhook, Slack, Telegram, ntfy and e-mail, and the heartbeat to the outside where there is an address for it. Needs the runner of
    /// <c>http</c> targets.</summary>
    public static IServiceCollection AddNoticeSenders(this IServiceCollection services, Uri? heartbeat = null)
    {
        if (heartbeat is not null)
        {
            services.AddSingleton<IHeartbeat>(provider => new Heartbeat(provider.GetRequiredService<GuardedHttp>(), heartbeat));
        }

        services.AddSingleton<HttpNotice>();
        services.AddSingleton<NoticeWords>();
        services.AddSingleton<INoticeSender, WebhookSender>();
        services.AddSingleton<INoticeSender, SlackSender>();
        services.AddSingleton<INoticeSender, TelegramSender>();
        services.AddSingleton<INoticeSender, EmailSender>();
        services.AddSingleton<INoticeSender, NtfySender>();
        return services;
    }
}
