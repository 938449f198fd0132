namespace Pontual.Server.Demo.Gateways;

/// <content>What is written to a session and from it.</content>
public sealed partial class SimulatedSession
{
    private const int RestrictedCode = 463;
    private const int CappedCode = 475;

    private readonly List<SimulatedMessage> _messages = [];
    private readonly Queue<SimulatedMessage> _waiting = new();
    private readonly HashSet<SimulatedMessage> _held = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _peers = new(StringComparer.Ordinal);

    /// <summary>What the gateway has stored, in order.</summary>
    public IReadOnlyList<SimulatedMessage> Messages => Under(() => _messages.ToArray());

    /// <summary>What peers wrote that waits at the platform until the session lives again.</summary>
    public int Waiting => Under(() => _waiting.Count);

    /// <summary>A peer writes. While the session is dead the message waits at the platform.</summary>
    /// <param name="from">The peer's digits.</param>
    /// <param name="text">What it says.</param>
    /// <param name="group">The digits of the group's id; null outside groups.</param>
    /// <param name="kind">text, image, video, audio or document.</param>
    public SimulatedMessage Receive(string from, string text, string? group = null, string kind = "text")
    {
        lock (_world.Gate)
        {
            _world.Agenda.CatchUp();
            var message = new SimulatedMessage(NextId(), IsOurs: false, ByApi: false, from, text, _world.Now)
            {
                Group = group,
                Kind = kind,
                Ack = 2,
            };
            _waiting.Enqueue(message);
            if (IsAlive)
            {
                Deliver();
            }

            return message;
        }
    }

    /// <summary>A person writes with the phone itself.</summary>
    public SimulatedMessage Type(string to, string text)
    {
        lock (_world.Gate)
        {
            _world.Agenda.CatchUp();
            var message = new SimulatedMessage(NextId(), IsOurs: true, ByApi: false, to, text, _world.Now) { Ack = 1 };
            _waiting.Enqueue(message);
            if (IsAlive)
            {
                Deliver();
            }

            return message;
        }
    }

    /// <summary>Why the platform would refuse a message: 463 or 475 for a new chat while it restricts; 0 for no reason.</summary>
    internal int RefusalOf(string peer)
    {
        lock (_world.Gate)
        {
            return _peers.Contains(peer) ? 0
                : Has(FaultKind.Timelock) ? RestrictedCode
                : Has(FaultKind.Capped) ? CappedCode
                : 0;
        }
    }

    /// <summary>Sends. A dead session takes the message as well: it is never acknowledged.</summary>
    /// <param name="to">The peer's canonical digits.</param>
    /// <param name="text">The text or caption.</param>
    /// <param name="kind">text, image, video, audio or document.</param>
    /// <param name="group">The digits of the group's id; null outside groups.</param>
    /// <param name="reference">What the sender calls it; null for nothing.</param>
    internal SimulatedMessage Send(string to, string? text, string kind = "text", string? group = null, string? reference = null)
    {
        lock (_world.Gate)
        {
            var message = new SimulatedMessage(NextId(), IsOurs: true, ByApi: true, to, text, _world.Now)
            {
                Group = group,
                Kind = kind,
                Reference = reference,
            };
            Keep(message);
            Tell(new SimulatedEvent.MessageSeen(message));
            if (IsAlive)
            {
                Acknowledge(message);
            }

            return message;
        }
    }

    /// <summary>A message of ours fails at the platform.</summary>
    internal void Fail(SimulatedMessage message, int code)
    {
        lock (_world.Gate)
        {
            message.Ack = -1;
            Tell(new SimulatedEvent.Acked(message, -1, code));
        }
    }

    private void Keep(SimulatedMessage message)
    {
        _messages.Add(message);
        _peers.Add(message.Group ?? message.Peer);
        LastActivity = _world.Now;
    }

    private void Deliver()
    {
        while (_waiting.TryDequeue(out var message))
        {
            Keep(message);
            Tell(new SimulatedEvent.MessageSeen(message));
        }
    }

    /// <summary>The platform has it soon, the phone a little later, and a person reads it after that.</summary>
    private void Acknowledge(SimulatedMessage message)
    {
        var pace = 0.5 + _world.Chance(message.Id);
        foreach (var (level, seconds) in new[] { (1, 0.2), (2, 1.0), (3, 4.0) })
        {
            _world.Agenda.In(TimeSpan.FromSeconds(seconds * pace), () => Reach(message, level));
        }
    }

    /// <summary>What was held back comes, late.</summary>
    private void LetAcksGo()
    {
        _held.ToList().ForEach(Acknowledge);
        _held.Clear();
    }

    private void Reach(SimulatedMessage message, int level)
    {
        if (message.Ack >= level || message.Ack < 0 || !IsAlive)
        {
            return;
        }

        if (Has(FaultKind.HoldAcks))
        {
            _held.Add(message);
            return;
        }

        message.Ack = level;
        Tell(new SimulatedEvent.Acked(message, level));
    }
}
