namespace Pontual.Engine.Access;

/// <summary>Keeps the keys that seal what must be secret at rest, where several nodes share a database.</summary>
public interface IProtectionKeyStore
{
    /// <summary>All keys, as the framework writes them.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation);

    /// <summary>Adds a key unless another node added one within the last day: nodes that start together must seal with one key, or neither could open what the other sealed.</summary>
    Task AddAsync(string name, string key, DateTimeOffset now, CancellationToken cancellation);
}
