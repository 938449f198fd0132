using Pontual.TestKit.Checking;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>What a campaign came to.</summary>
internal sealed record CampaignReport
{
    public required string Name { get; init; }
    public required int Seed { get; init; }

    /// <summary>Faults made, by kind.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>Due times that the oracle says there were.</summary>
    public required int Occurrences { get; init; }
    public required int Rows { get; init; }

    /// <summary>Starts that targets saw.</summary>
    public required int Starts { get; init; }

    /// <summary>Of them, starts again of a run.</summary>
    public required int Extra { get; init; }
    public required IReadOnlyDictionary<string, long> Skipped { get; init; }

    /// <summary>Writes that the product acknowledged to a client.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Writes whose fate the client was not told.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Results that a node threw away because it knew that it had lost its lease.</summary>
    public required int Dropped { get; init; }

    /// <summary>Results that the database refused because another claim had followed.</summary>
    public required int Refused { get; init; }

    /// <summary>First starts after their due times.</summary>
    public required Figures Delays { get; init; }

    /// <summary>From the death of an attempt to the start of the next one.</summary>
    public required Figures Takeovers { get; init; }
    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>What else is worth a figure.</summary>
    public string Note { get; init; } = "";

    /// <summary>Where journal and logs are, when something is wrong.</summary>
    public string? Folder { get; init; }

    /// <summary>The table's heading, in the order of <see cref="Cells"/>.</summary>
    public static IReadOnlyList<string> Heading { get; } =
    [
        "campaign",
        "faults",
        "occurrences",
        "starts",
        "again",
        "skipped",
        "acked writes",
        "unanswered",
        "dropped",
        "refused",
        "delay p50/p99/max",
        "takeover p50/p99/max",
        "verdicts",
    ];

    public IReadOnlyList<string> Cells =>
        [
            Name,
            string.Join(", ", Faults.Select(fault => $"{fault.Value} {fault.Key}")),
            $"{Occurrences}",
            $"{Starts}",
            $"{Extra}",
            string.Join(", ", Skipped.Select(skip => $"{skip.Value} {skip.Key}")),
            $"{Acknowledged}",
            $"{Unanswered}",
            $"{Dropped}",
            $"{Refused}",
            $"{Delays}",
            $"{Takeovers}",
            $"{Verdicts.Count}",
        ];

    public int Count(string fault) => Faults.GetValueOrDefault(fault);

    public override string ToString() =>
        $"{Name}, seed {Seed}: {string.Join("; ", Heading.Zip(Cells).Skip(1).Select(cell => $"{cell.First} {cell.Second}"))} {Note}"
        + (Folder is null ? "" : $"\n  kept in {Folder}")
        + string.Concat(Verdicts.CountBy(verdict => verdict.Kind).Select(kind => $"\n  {kind.Value} × {kind.Key}"))
        + string.Concat(Verdicts.Take(20).Select(verdict => $"\n  {verdict.Kind} {verdict.Job}: {verdict.Evidence}"));
}
