namespace Pontual.Server.Demo.Gateways;

/// <summary>A message of the simulated world.</summary>
/// <param name="Id">The bare id; each gateway dresses it in its own way.</param>
/// <param name="IsOurs">Sent from the session's number.</param>
/// <param name="ByApi">Sent through the gateway.</param>
/// <param name="Peer">The other side's digits; in a group the one who wrote.</param>
/// <param name="Text">What it says; a caption of a medium.</param>
/// <param name="At">When, by the platform.</param>
public sealed record SimulatedMessage(string Id, bool IsOurs, bool ByApi, string Peer, string? Text, DateTimeOffset At)
{
    /// <summary>The digits of the group's id; null outside groups.</summary>
    public string? Group { get; init; }

    /// <summary>text, image, video, audio or document.</summary>
    public string Kind { get; init; } = "text";

    /// <summary>What the sender of the request called it, where a gateway carries that; null otherwise.</summary>
    public string? Reference { get; init; }

    /// <summary>How far it got: -1 failed, 0 pending, 1 server, 2 delivered, 3 read.</summary>
    public int Ack { get; internal set; }
}
