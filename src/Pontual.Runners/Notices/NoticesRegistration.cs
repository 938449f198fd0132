using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Alerts;

namespace Pontual.Runners.Notices;

/// <summary>Registers the ways of telling.</summary>
public static class NoticesRegistration
{
    /// <summary>Adds webhook, Slack, Telegram, ntfy and e-mail. Needs the runner of <c>http</c> targets.</summary>
    public static IServiceCollection AddNoticeSenders(this IServiceCollection services)
    {
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
