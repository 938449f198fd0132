namespace Pontual.Messaging.Channels.Gateways;

/// <summary>What a gateway can do and tell. What it cannot is reported as such and never made up.</summary>
public sealed record GatewayTraits
{
    /// <summary>It can send.</summary>
    public bool Sends { get; init; }

    /// <summary>It can tell whether a number has WhatsApp.</summary>
    public bool ChecksNumbers { get; init; }

    /// <summary>It can list messages that were missed.</summary>
    public bool ListsMessages { get; init; }

    /// <summary>It tells where a session's webhooks go.</summary>
    public bool TellsWebhook { get; init; }

    /// <summary>Where webhooks go can be set while the session runs; else only by a new start.</summary>
    public bool SetsWebhook { get; init; }

    /// <summary>It counts what happens in a session (<see cref="SessionFacts.Activity"/>).</summary>
    public bool CountsActivity { get; init; }

    /// <summary>What it counts is messages and nothing else, so that a count which moves without a webhook of a message proves that those are missing.</summary>
    public bool CountsMessages { get; init; }

    /// <summary>It tells whether the platform restricts a number.</summary>
    public bool TellsRestrictions { get; init; }

    /// <summary>Sessions are paired by scanning a code.</summary>
    public bool Pairs { get; init; }

    /// <summary>The steps of a cure that it knows, the mildest first.</summary>
    public IReadOnlyList<CureStep> Steps { get; init; } = [];
}

/// <summary>What can be done at a gateway for a session that does not work, the mildest first. None of them unpairs it.</summary>
public enum CureStep
{
    /// <summary>Where its webhooks go is set anew.</summary>
    SetWebhook,

    /// <summary>It is asked for its code, which lets some gateways look after a connection. Harmless for a session that lives.</summary>
    Nudge,

    /// <summary>Its connection is closed and opened again, or opened where it is closed.</summary>
    Restart,

    /// <summary>The whole session is stopped and started.</summary>
    StopStart,
}
