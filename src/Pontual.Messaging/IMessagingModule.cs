using Microsoft.Extensions.DependencyInjection;

namespace Pontual.Messaging;

/// <summary>A slice of messaging: it registers itself, and nobody else lists it. Found by this interface; made without arguments.</summary>
internal interface IMessagingModule
{
    /// <summary>Adds what the slice consists of: stores, handlers, listeners.</summary>
    void Add(IServiceCollection services);
}

/// <summary>Registers all of messaging.</summary>
public static class MessagingRegistration
{
    /// <summary>Adds every slice of this assembly. Needs the store, the HTTP runner, circuits and secrets.</summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        foreach (var module in Modules())
        {
            module.Add(services);
        }

        return services;
    }

    private static IEnumerable<IMessagingModule> Modules() =>
        typeof(IMessagingModule)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IMessagingModule).IsAssignableFrom(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (IMessagingModule)Activator.CreateInstance(type)!);
}
