using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pontual.Engine.Executing;
using Pontual.Engine.Nodes;

namespace Pontual.Runners.Process;

/// <summary>Registers the runner of <c>process</c> targets.</summary>
public static class ProcessRegistration
{
    /// <summary>Adds the runner. Needs <see cref="ISecrets"/>, a <see cref="TimeProvider"/> and logging; hears of lease renewals as an <see cref="ILeaseListener"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets limits, and how to start the supervisor in a program that is not <c>pontual</c>.</param>
    public static IServiceCollection AddProcessRunner(this IServiceCollection services, Action<ProcessOptions>? configure = null)
    {
        services.AddOptions<ProcessOptions>().Configure(options => configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(provider => new SupervisorLink(
            provider.GetRequiredService<IOptions<ProcessOptions>>().Value.SupervisorCommand,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ProcessRunner>>()
        ));
        services.AddSingleton<ILeaseListener>(provider => provider.GetRequiredService<SupervisorLink>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunner, ProcessRunner>());
        return services;
    }
}
