using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Executing;

namespace Pontual.Engine.Output;

/// <summary>Registers <see cref="AttemptOutputs"/> as the place where attempts print.</summary>
public static class OutputRegistration
{
    /// <summary>Adds <see cref="IAttemptOutputs"/>. Needs an <see cref="IOutputStore"/>, a <see cref="TimeProvider"/> and logging.</summary>
    /// <param name="services">The container's list.</param>
    /// <param name="configure">Sets folders and limits.</param>
    public static IServiceCollection AddAttemptOutputs(this IServiceCollection services, Action<OutputOptions>? configure = null)
    {
        services.AddOptions<OutputOptions>().Configure(options => configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IAttemptOutputs, AttemptOutputs>();
        return services;
    }
}
