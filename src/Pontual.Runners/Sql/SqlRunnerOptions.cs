namespace Pontual.Runners.Sql;

/// <summary>How this node runs SQL targets.</summary>
public sealed class SqlRunnerOptions
{
    /// <summary>Connection string of the PostgreSQL that targets without a connection of their own run on: the installation's. Null where it keeps its data
    /// elsewhere; such targets are refused there.</summary>
    public string? OwnPostgreSql { get; set; }
}
