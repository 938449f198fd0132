using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Checks;

/// <summary>Keeps checks. Every call is one transaction; all may be called concurrently.</summary>
public interface ICheckStore
{
    /// <returns>The check, or null when none of that name is defined.</returns>
    Task<Check?> FindAsync(JobName name, CancellationToken cancellation);

    /// <summary>Checks of a tenant in the order of their names, starting after <paramref name="after"/>.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">The last name of the page before; null for the first page.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<Check>> ListAsync(TenantName tenant, JobName? after, int limit, CancellationToken cancellation);

    /// <summary>Creates a check, or gives it another definition; one that is unchanged keeps its revision. A changed one owes its next report anew.</summary>
    /// <returns>What was done: created, updated, unchanged or conflict.</returns>
    Task<JobChange> PutAsync(CheckPut put, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Pauses a check, or ends its pause with a null <paramref name="pause"/>.</summary>
    /// <returns>False when there is no such check.</returns>
    Task<bool> SetPauseAsync(JobName name, Pause? pause, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Gives a check other keys: the old ones are refused from now on.</summary>
    /// <returns>False when there is no such check.</returns>
    Task<bool> RotateAsync(JobName name, CheckKeys keys, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Removes a check and its pings.</summary>
    /// <returns>False when there is no such check.</returns>
    Task<bool> RemoveAsync(JobName name, Actor by, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The checks of all tenants that are down or failing at an instant and not paused: one walk over those alone.</summary>
    Task<IReadOnlyList<Check>> TroubledAsync(DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>The two secrets of a check.</summary>
/// <param name="Ping">Whoever has it may report.</param>
/// <param name="Badge">Whoever has it may see how the check stands.</param>
public sealed record CheckKeys(string Ping, string Badge);

/// <summary>A definition to create or replace.</summary>
/// <param name="Definition">The whole new definition.</param>
/// <param name="Keys">Keys of a check that is new; one that is there keeps its own.</param>
/// <param name="ExpectedRevision">Null for any; 0 to create only; else the revision that must still stand.</param>
public sealed record CheckPut(CheckDefinition Definition, CheckKeys Keys, int? ExpectedRevision = null);
