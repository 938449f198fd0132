using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pontual.Messaging.Retention;

/// <summary>Registers for how long things are kept. What those are, their slices say.</summary>
internal sealed class RetentionModule : IMessagingModule
{
    public void Add(IServiceCollection services) => services.TryAddSingleton<RetentionOptions>();
}

/// <summary>Lets a node delete what was kept long enough.</summary>
public static class RetentionRegistration
{
    /// <summary>Deletes on this node. Every node may.</summary>
    public static IServiceCollection AddMessagingRetention(this IServiceCollection services) => services.AddHostedService<RetentionLoop>();
}
