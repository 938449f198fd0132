using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>How large a campaign is and what it runs on.</summary>
internal sealed record CampaignPlan
{
    public required string Name { get; init; }

    /// <summary>Connection string that all nodes are given; null for SQLite in the folder of the only one.</summary>
    public required string? PostgreSql { get; init; }

    /// <summary>Data folder of the only node; null for one in the campaign's own folder.</summary>
    public string? DataFolder { get; init; }

    public int Nodes { get; init; } = 3;

    public int Schedules { get; init; } = 40;

    /// <summary>No attempt takes longer.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Every node on a machine of its own, as far as it can tell: a dead one is found by its lease, never by looking at its process.</summary>
    public bool ManyMachines { get; init; } = Launcher.CanName;

    /// <summary>How a node is started, by its number; null for the usual way.</summary>
    public Func<int, Launcher>? Launch { get; init; }

    /// <summary>More variables of a node's environment, by its number.</summary>
    public Func<int, (string Name, string Value)[]>? Environment { get; init; }

    /// <summary>Of everything random.</summary>
    public int Seed { get; init; } =
        int.TryParse(System.Environment.GetEnvironmentVariable("PONTUAL_SEED"), out var given) ? given : 20261121;

    /// <summary>Whether the long form was asked for.</summary>
    public static bool Long { get; } = System.Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";

    /// <summary>How many faults to make: PONTUAL_FAULTS when it is set, else as the form says.</summary>
    public static int Count(int ofShort, int ofLong) =>
        int.TryParse(System.Environment.GetEnvironmentVariable("PONTUAL_FAULTS"), out var given) ? given
        : Long ? ofLong
        : ofShort;
}
