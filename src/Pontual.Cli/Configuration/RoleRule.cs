using Pontual.Engine.Hosting;

namespace Pontual.Cli.Configuration;

/// <summary>S5-03: in a container a node must be told what it is; elsewhere it is everything unless told.</summary>
internal static class RoleRule
{
    /// <exception cref="CommandFailure">In a container, and nothing says which role.</exception>
    public static NodeRoles Of(IReadOnlyList<string>? roles, Func<string, string?> environment)
    {
        if (roles is null)
        {
            return InContainer(environment) is { } sign
                ? throw CommandFailure.Usage(
                    $"a node in a container must be told what it does ({sign}): set RUN_MODE or --role to scheduler (plans, and runs HTTP targets), "
                        + "worker (runs every kind of target), api (answers HTTP), or all (one process for everything). "
                        + "Without it every replica would do everything."
                )
                : NodeRoles.All;
        }

        return roles.Select(Role).Aggregate(NodeRoles.None, (all, role) => all | role);
    }

    private static string? InContainer(Func<string, string?> environment) =>
        environment("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1" ? "DOTNET_RUNNING_IN_CONTAINER is set"
        : environment("APP_ENV") is "production" ? "APP_ENV is production"
        : null;

    private static NodeRoles Role(string word) =>
        word switch
        {
            "api" => NodeRoles.Api,
            "scheduler" => NodeRoles.Scheduler,
            "worker" => NodeRoles.Worker,
            _ => NodeRoles.All,
        };
}
