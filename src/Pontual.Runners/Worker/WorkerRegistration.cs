using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pontual.Engine.Executing;

namespace Pontual.Runners.Worker;

/// <summary>Registers the target kind whose runs programs outside claim.</summary>
public static class WorkerRegistration
{
    /// <summary>Adds the check of <c>worker</c> targets.</summary>
    public static IServiceCollection AddWorkerTarget(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunner, WorkerTarget>());
        return services;
    }
}
