namespace Pontual.Client;

/// <summary>Gateways of WhatsApp.</summary>
public sealed class GatewayOperations
{
    private const string Path = "api/v1/gateways";

    private readonly Wire _wire;

    internal GatewayOperations(Wire wire) => _wire = wire;

    /// <summary>All of them, by name.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ListGateways")]
    public Task<Page<Gateway>> ListAsync(CancellationToken cancellation = default) =>
        _wire.SendAsync<Page<Gateway>>(Call.Get(Path), cancellation);

    /// <summary>One of them.</summary>
    /// <param name="gateway">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("ShowGateway")]
    public Task<Gateway> GetAsync(string gateway, CancellationToken cancellation = default) =>
        _wire.SendAsync<Gateway>(Call.Get(Of(gateway)), cancellation);

    /// <summary>Defines or replaces one; the address of its webhooks stays.</summary>
    /// <param name="gateway">Its name, the same as in the definition.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="ifMatch">The ETag of the answer it is based on; null for any.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("PutGateway")]
    public Task<Gateway> PutAsync(
        string gateway,
        GatewayDefinition definition,
        string? ifMatch = null,
        CancellationToken cancellation = default
    ) => _wire.SendAsync<Gateway>(Call.Put(Of(gateway), definition) with { IfMatch = ifMatch }, cancellation);

    /// <summary>Removes one. Its channels stay, retired, with their history.</summary>
    /// <param name="gateway">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("DeleteGateway")]
    public Task DeleteAsync(string gateway, CancellationToken cancellation = default) =>
        _wire.SendAsync(Call.Delete(Of(gateway)), cancellation);

    /// <summary>Asks one for its sessions, now and once, and changes nothing.</summary>
    /// <param name="gateway">Its name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [Operation("TestGateway")]
    public Task<GatewayTrial> TestAsync(string gateway, CancellationToken cancellation = default) =>
        _wire.SendAsync<GatewayTrial>(Call.Post($"{Of(gateway)}/test"), cancellation);

    private static string Of(string gateway) => $"{Path}/{Call.Part(gateway)}";
}
