using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pontual.Engine.Executing;
using Pontual.Engine.Requests;

namespace Pontual.Runners.Http;

/// <summary>Registers the runner of <c>http</c> targets.</summary>
public static class HttpRegistration
{
    /// <summary>Adds the sender of HTTP requests that SQL asked for. Needs <see cref="IPostStore"/> and the runner.</summary>
    public static IServiceCollection AddPostSender(this IServiceCollection services)
    {
        services.AddSingleton<PostSender>();
        services.AddSingleton<IPostSender>(provider => provider.GetRequiredService<PostSender>());
        services.AddHostedService(provider => provider.GetRequiredService<PostSender>());
        return services;
    }

    /// <summary>Adds the runner and <see cref="CallbackTokens"/>. Needs <see cref="ISecrets"/> and the token store; the clock is the system's unless one is registered.</summary>
    public static IServiceCollection AddHttpRunner(this IServiceCollection services, Action<HttpRunnerOptions>? configure = null)
    {
        services.AddOptions<HttpRunnerOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CallbackTokens>();
        services.TryAddSingleton<GuardedHttp>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunner, HttpRunner>());
        return services;
    }
}
