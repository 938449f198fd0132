namespace Pontual.Client;

/// <summary>How the system is. What is bad is an answer here, not a <see cref="ProblemException"/>.</summary>
public sealed class HealthOperations
{
    private readonly Wire _wire;

    internal HealthOperations(Wire wire) => _wire = wire;

    /// <summary>How the system is; with a token of scope read also counts of jobs by status.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("Health")]
    public Task<Health> GetAsync(CancellationToken cancellation = default) => ReadAsync<Health>("health", cancellation);

    /// <summary>Whether the process answers.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthLive")]
    public Task<Liveness> LiveAsync(CancellationToken cancellation = default) => ReadAsync<Liveness>("health/live", cancellation);

    /// <summary>Whether the node can serve.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthReady")]
    public Task<Readiness> ReadyAsync(CancellationToken cancellation = default) => ReadAsync<Readiness>("health/ready", cancellation);

    /// <summary>How each job is.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthJobs")]
    public Task<JobsHealth> JobsAsync(CancellationToken cancellation = default) => ReadAsync<JobsHealth>("health/jobs", cancellation);

    /// <summary>Which hosts and services outside are not called now, for they failed again and again.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthCircuits")]
    public Task<CircuitsHealth> CircuitsAsync(CancellationToken cancellation = default) =>
        ReadAsync<CircuitsHealth>("health/circuits", cancellation);

    /// <summary>How fast hosts and services outside may be called, and which of them asked for a wait (429).</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthRateLimit")]
    public Task<RateLimitHealth> RateLimitAsync(CancellationToken cancellation = default) =>
        ReadAsync<RateLimitHealth>("health/rate-limit", cancellation);

    /// <summary>What is wrong now, in one list.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthAlerts")]
    public Task<AlertsHealth> AlertsAsync(CancellationToken cancellation = default) =>
        ReadAsync<AlertsHealth>("health/alerts", cancellation);

    /// <summary>How well the system is from 0 to 100, and what each open alert takes from it.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("HealthScore")]
    public Task<HealthScore> ScoreAsync(CancellationToken cancellation = default) => ReadAsync<HealthScore>("health/score", cancellation);

    private Task<T> ReadAsync<T>(string path, CancellationToken cancellation) =>
        _wire.SendAsync<T>(Call.Get(path) with { TakesUnavailable = true }, cancellation);
}

/// <summary>The process answers.</summary>
/// <param name="Status"><c>ok</c>.</param>
public sealed record Liveness(string Status);

/// <summary>Whether a node can serve.</summary>
/// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
/// <param name="Reason">Why not; null when it can.</param>
public sealed record Readiness(string Status, string? Reason);

/// <summary>How the system is.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c>, <c>critical</c> or <c>unavailable</c>.</param>
/// <param name="Version">Pontual's own.</param>
/// <param name="Database">What it works on.</param>
/// <param name="Nodes">How many nodes are there.</param>
/// <param name="Schedule">The pace of a system whose due times do not go by real time; else null.</param>
/// <param name="Jobs">How many jobs have each status; null without a token.</param>
/// <param name="Connections">How the node uses its connections to PostgreSQL; null without a token, and on SQLite.</param>
public sealed record Health(
    string Status,
    string Version,
    DatabaseInUse Database,
    int Nodes,
    Pace? Schedule,
    IReadOnlyDictionary<string, int>? Jobs,
    PoolUse? Connections
);

/// <summary>The database a server works on.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Version">The engine's own name and version.</param>
/// <param name="SqliteVersion">The version of the SQLite library; null on PostgreSQL.</param>
public sealed record DatabaseInUse(string Kind, string Version, string? SqliteVersion);

/// <summary>A system whose due times do not go by real time: a test mode.</summary>
/// <param name="Speed">How many times as fast they go.</param>
/// <param name="Now">The instant it is by the schedules.</param>
public sealed record Pace(int Speed, DateTimeOffset Now);

/// <summary>How a pool of connections is used.</summary>
/// <param name="Size">Most connections it opens.</param>
/// <param name="Busy">Connections in use.</param>
/// <param name="Waiting">Callers that wait for one.</param>
public sealed record PoolUse(int Size, int Busy, int Waiting);
