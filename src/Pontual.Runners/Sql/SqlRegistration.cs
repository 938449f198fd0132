using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pontual.Engine.Executing;

namespace Pontual.Runners.Sql;

/// <summary>Registers the runner of <c>sql</c> targets.</summary>
public static class SqlRegistration
{
    /// <summary>Adds the runner. Needs <see cref="ISecrets"/>.</summary>
    public static IServiceCollection AddSqlRunner(this IServiceCollection services, Action<SqlRunnerOptions>? configure = null)
    {
        services.AddOptions<SqlRunnerOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRunner, SqlRunner>());
        return services;
    }
}
