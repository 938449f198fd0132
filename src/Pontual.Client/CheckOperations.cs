namespace Pontual.Client;

/// <summary>Checks: they wait for reports of jobs that something else runs.</summary>
public sealed class CheckOperations
{
    private const string Path = "api/v1/checks";

    private readonly Wire _wire;

    internal CheckOperations(Wire wire) => _wire = wire;

    /// <summary>A page of checks in the order of their names.</summary>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="limit">Most checks on it, 1 to 500; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListChecks")]
    public Task<Page<Check>> ListAsync(string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Check>>(Call.Get(Path, ("cursor", cursor), ("limit", limit)), cancellation);

    /// <summary>All checks in the order of their names, read page by page.</summary>
    /// <param name="limit">Most checks of a page.</param>
    /// <param name="cancellation">Stops.</param>
    [Operation("ListChecks")]
    public IAsyncEnumerable<Check> AllAsync(int? limit = null, CancellationToken cancellation = default) =>
        Pages.AllAsync((cursor, stop) => ListAsync(cursor, limit, stop), cancellation);

    /// <summary>A check, and how it stands.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowCheck")]
    public Task<Check> GetAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<Check>(Call.Get(Of(name)), cancellation);

    /// <summary>Defines a check; one of its name is a problem, <c>check-exists</c>. The answer has the address to ping.</summary>
    /// <param name="check">The definition.</param>
    /// <param name="idempotencyKey">Makes the request safe to send again: the same key gets the first answer. Null for none.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("CreateCheck")]
    public Task<Check> CreateAsync(CheckDefinition check, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Check>(Call.Post(Path, check) with { IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>Defines or replaces a check; its keys stay. A <see cref="Check"/> that was read may be handed back, changed.</summary>
    /// <param name="name">Its name, the same as in the definition.</param>
    /// <param name="check">The definition.</param>
    /// <param name="ifMatch">The <see cref="Check.ETag"/> the change is based on; null for whatever stands.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutCheck")]
    public Task<Check> PutAsync(string name, CheckDefinition check, string? ifMatch = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Check>(Call.Put(Of(name), check) with { IfMatch = ifMatch }, cancellation);

    /// <summary>Removes a check and its pings.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DeleteCheck")]
    public Task DeleteAsync(string name, CancellationToken cancellation = default) => _wire.SendAsync(Call.Delete(Of(name)), cancellation);

    /// <summary>Waits for no reports of a check. Pings are kept all the same.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="pause">Why, and how long; null for no reason, until it is resumed.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PauseCheck")]
    public Task<Check> PauseAsync(string name, PauseWish? pause = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Check>(Call.Post($"{Of(name)}/pause", pause), cancellation);

    /// <summary>Ends a pause: the next report is due anew.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ResumeCheck")]
    public Task<Check> ResumeAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<Check>(Call.Post($"{Of(name)}/resume"), cancellation);

    /// <summary>Gives a check a new ping address and a new badge; the old ones are refused from now on.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("RotateCheck")]
    public Task<Check> RotateAsync(string name, CancellationToken cancellation = default) =>
        _wire.SendAsync<Check>(Call.Post($"{Of(name)}/rotate"), cancellation);

    /// <summary>The latest pings of a check, newest first; a hundred are kept.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="limit">Most pings; 50 by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListPings")]
    public Task<Page<Ping>> PingsAsync(string name, int? limit = null, CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Ping>>(Call.Get($"{Of(name)}/pings", ("limit", limit)), cancellation);

    /// <summary>What the last ping with a body came with; at most 100,000 bytes of it are kept.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ReadPingBody")]
    public Task<string> ReadBodyAsync(string name, CancellationToken cancellation = default) =>
        _wire.ReadTextAsync(Call.Get($"{Of(name)}/body") with { Accept = "text/plain" }, cancellation);

    private static string Of(string name) => $"{Path}/{Call.Part(name)}";
}
