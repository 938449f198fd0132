namespace Pontual.Storage.Database;

/// <summary>How a pool of connections is used.</summary>
/// <param name="Size">Most connections it opens.</param>
/// <param name="Busy">Connections in use.</param>
/// <param name="Waiting">Callers that wait for one.</param>
public sealed record PoolStatus(int Size, int Busy, int Waiting);
