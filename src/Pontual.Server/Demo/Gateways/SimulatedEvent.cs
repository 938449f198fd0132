namespace Pontual.Server.Demo.Gateways;

/// <summary>Something that happened to a session, for a face to put into the words of its gateway.</summary>
internal abstract record SimulatedEvent
{
    /// <summary>What the gateway believes of its connection has changed, or is told again.</summary>
    /// <param name="Link">What it believes now.</param>
    /// <param name="Code">Why, in the platform's codes; 200 for no trouble.</param>
    internal sealed record LinkChanged(Link Link, int Code) : SimulatedEvent;

    /// <summary>A code for pairing is there.</summary>
    internal sealed record CodeShown(string Code) : SimulatedEvent;

    /// <summary>What the platform restricts has changed.</summary>
    /// <param name="Kind">Timelock or Capped: it came, or it is over.</param>
    internal sealed record RestrictionChanged(FaultKind Kind) : SimulatedEvent;

    /// <summary>A message arrived, or was typed on the phone, or was sent through the gateway.</summary>
    internal sealed record MessageSeen(SimulatedMessage Message) : SimulatedEvent;

    /// <summary>A message of ours got further.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="Level">-1 failed, 0 pending, 1 server, 2 delivered, 3 read.</param>
    /// <param name="Code">Why it failed; 0 for no failure.</param>
    internal sealed record Acked(SimulatedMessage Message, int Level, int Code = 0) : SimulatedEvent;
}
