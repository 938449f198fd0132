using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>What is let go wrong with a session or a gateway in a day: one fault, and what comes with it.</summary>
/// <param name="Fault">The fault.</param>
internal sealed record Mischief(Fault Fault)
{
    /// <summary>How it happens: a fault that begins a moment before; null for nothing special.</summary>
    public Fault? With { get; init; }

    /// <summary>What befalls the session while it lasts; null for nothing.</summary>
    public Fault? Then { get; init; }

    /// <summary>How long after the beginning.</summary>
    public TimeSpan ThenAfter { get; init; }

    /// <summary>It hits single requests, or only how webhooks come, or is over before it can count: no judgement, no step, nobody asked.</summary>
    public bool IsHarmless =>
        Fault.Kind switch
        {
            FaultKind.DuplicateWebhooks or FaultKind.ReorderedWebhooks or FaultKind.LostAnswer => true,
            FaultKind.HoldAcks => Fault.For < TimeSpan.FromMinutes(10),
            _ => HitsQuestions,
        };

    /// <summary>It hits a question of a check, once. That has to be said, and no more.</summary>
    public bool HitsQuestions => Fault is { Times: not null, Kind: FaultKind.TooMany or FaultKind.ServerError or FaultKind.ErrorWith200 };

    /// <summary>Only silence shows it, and a question after that: hours later, and at night not before noon.</summary>
    public bool IsHidden(GatewayKind kind) => Fault.Kind is FaultKind.Zombie && kind is GatewayKind.WppConnect or GatewayKind.Wrapper;

    /// <summary>What it is called in the table.</summary>
    public string Word =>
        (With is null ? "" : $"{With.Kind.Word()} ")
        + (
            Fault.Kind is FaultKind.Drop or FaultKind.Zombie or FaultKind.Deaf
                ? $"{Fault.Kind.Word()} ({WordOf(Fault.Recovery)})"
                : Fault.Kind.Word()
        )
        + (
            HitsQuestions ? " once"
            : Fault.Kind is FaultKind.HoldAcks ? $" {Fault.For!.Value.TotalMinutes} min"
            : ""
        )
        + (Then is null ? "" : $", then {Then.Kind.Word()}");

    private static string WordOf(Recovery recovery) =>
        recovery switch
        {
            Recovery.Itself => "itself",
            Recovery.StopStart => "stop+start",
            _ => recovery.ToString().ToLowerInvariant(),
        };
}
