using Pontual.Engine.Jobs;

namespace Pontual.Engine.Checks;

/// <summary>A stored check: its definition, its two keys, and what its pings came to.</summary>
public sealed record Check
{
    /// <summary>Its key in the store; never shown.</summary>
    public required long Id { get; init; }

    /// <summary>What it is.</summary>
    public required CheckDefinition Definition { get; init; }

    /// <summary>Grows by one with each change of the definition; 1 at first.</summary>
    public required int Revision { get; init; }

    /// <summary>Secret: whoever has it may report for this check.</summary>
    public required string PingKey { get; init; }

    /// <summary>Secret of another kind: whoever has it may see how the check stands, and no more.</summary>
    public required string BadgeKey { get; init; }

    /// <summary>Set while it is paused.</summary>
    public Pause? Paused { get; init; }

    /// <summary>What its pings came to.</summary>
    public required CheckProgress Progress { get; init; }

    /// <summary>When it was first defined.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its definition last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Its name and its tenant.</summary>
    public JobName Name => Definition.Name;

    /// <summary>Whether nobody waits for its reports at an instant.</summary>
    public bool IsPausedAt(DateTimeOffset now) => Paused?.HoldsAt(now) == true;

    /// <summary>How it stands at an instant.</summary>
    public CheckState StateAt(DateTimeOffset now) => IsPausedAt(now) ? CheckState.Paused : Progress.StateAt(now);

    /// <summary>It as a ping leaves it.</summary>
    /// <param name="ping">The ping.</param>
    /// <param name="startedAt">When the run began that an end names and that is not the latest; null otherwise.</param>
    /// <returns>The check, and the ping with the duration that is known now.</returns>
    public (Check Check, Ping Ping) Pinged(Ping ping, DateTimeOffset? startedAt = null)
    {
        var (progress, told) = Progress.After(ping, Definition, startedAt);
        return (this with { Progress = IsPausedAt(ping.At) ? Silent(progress) : progress }, told);
    }

    /// <summary>It as a start leaves it that arrives after the end of its own run: it is counted, and says nothing new.</summary>
    public Check Overtaken(Ping start) => this with { Progress = Progress with { Pings = Progress.Pings + 1, LastPingAt = start.At } };

    /// <summary>It as a pause, or with null the end of one, leaves it.</summary>
    public Check Silenced(Pause? pause, DateTimeOffset now)
    {
        var paused = this with { Paused = pause };
        return pause is null
            ? paused with
            {
                Progress = Progress.Anew(Definition, now),
            }
            : paused with
            {
                Progress = paused.Silent(Progress with { StartedAt = null, StartedRun = null }),
            };
    }

    /// <summary>It by another definition.</summary>
    public Check Redefined(CheckDefinition definition, DateTimeOffset now)
    {
        var changed = this with { Definition = definition, Revision = Revision + 1, UpdatedAt = now };
        return IsPausedAt(now)
            ? changed with
            {
                Progress = changed.Silent(Progress),
            }
            : changed with
            {
                Progress = Progress.Anew(definition, now),
            };
    }

    /// <summary>What it owes while it is paused: nothing, or from the end of the pause on.</summary>
    private CheckProgress Silent(CheckProgress progress) =>
        Paused?.Until is { } until
            ? progress with
            {
                DueAt = Definition.DueAfter(until),
                AlertAfter = Definition.DueAfter(until) + Definition.GraceAt(until),
            }
            : progress with
            {
                AlertAfter = null,
            };
}
