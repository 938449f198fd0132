using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pontual.Engine.Executing;

namespace Pontual.Runners.Handler;

/// <summary>Registers handlers, and the runner that finds them by name.</summary>
public static class HandlerRegistration
{
    /// <summary>Adds the runner of <c>handler</c> targets.</summary>
    public static IServiceCollection AddHandlerRunner(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunner, HandlerRunner>());
        return services;
    }

    /// <summary>Adds a handler under a name. Each attempt gets a scope of its own, unless <typeparamref name="T"/> is already registered as a singleton.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">1 to 128 characters, unique; compared ordinally.</param>
    /// <exception cref="ArgumentException">The name breaks the rule.</exception>
    public static IServiceCollection AddJobHandler<T>(this IServiceCollection services, string name)
        where T : class, IJobHandler
    {
        services.TryAddScoped<T>();
        return services.Add(
            name,
            provider => (IJobHandler)provider.GetRequiredService(typeof(T)),
            () => services.Last(descriptor => descriptor.ServiceType == typeof(T) && !descriptor.IsKeyedService).Lifetime
        );
    }

    /// <summary>Adds a function as a handler; it gets no scope.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">1 to 128 characters, unique; compared ordinally.</param>
    /// <param name="run">As <see cref="IJobHandler.RunAsync"/>.</param>
    /// <exception cref="ArgumentException">The name breaks the rule.</exception>
    public static IServiceCollection AddJobHandler(
        this IServiceCollection services,
        string name,
        Func<HandlerContext, CancellationToken, Task<HandlerResult>> run
    )
    {
        var handler = new FunctionHandler(run);
        return services.Add(name, _ => handler, () => ServiceLifetime.Singleton);
    }

    private static IServiceCollection Add(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, IJobHandler> create,
        Func<ServiceLifetime> lifetime
    )
    {
        if (name.Length is 0 or > NamedHandler.LongestName)
        {
            throw new ArgumentException($"'{name}' is not a handler name: use 1 to {NamedHandler.LongestName} characters.", nameof(name));
        }

        return services.AddHandlerRunner().AddSingleton(new NamedHandler(name, create, lifetime));
    }

    private sealed class FunctionHandler(Func<HandlerContext, CancellationToken, Task<HandlerResult>> run) : IJobHandler
    {
        public Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation) => run(context, cancellation);
    }
}

/// <param name="Name">What targets call it.</param>
/// <param name="Create">Makes or finds it in a scope, or in the root for a singleton.</param>
/// <param name="Lifetime">Asked once all services are registered.</param>
internal sealed record NamedHandler(string Name, Func<IServiceProvider, IJobHandler> Create, Func<ServiceLifetime> Lifetime)
{
    public const int LongestName = 128;
}
