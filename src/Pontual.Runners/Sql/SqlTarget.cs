using Pontual.Runners.Http;

namespace Pontual.Runners.Sql;

/// <summary>A <c>sql</c> target, checked; templates and secrets still stand in it.</summary>
/// <param name="Connection">Where it runs; null for the installation's own PostgreSQL.</param>
/// <param name="Statement">What the server gets, letter by letter.</param>
/// <param name="Settings">What is set for the session before the statement, in this order.</param>
internal sealed record SqlTarget(ConnectionText? Connection, string Statement, IReadOnlyList<(string Name, Template Value)> Settings);
