using Pontual.Engine.Limits;

namespace Pontual.Engine.Circuits;

/// <summary>When circuits open, and how fast may be called.</summary>
public sealed class CircuitOptions
{
    /// <summary>Whether circuits open at all. Waits that 429 asks for, and rates, are kept in any case.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many calls must fail one after the other, with none between that did not. Default 5.</summary>
    public int InARow { get; set; } = 5;

    /// <summary>How long no call must have been answered besides: of a busy host that often fails, five in a row are soon found. Default 3 s.</summary>
    public TimeSpan Quiet { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Of how many calls within <see cref="Window"/> at least half must fail, in whatever order. Default 10.</summary>
    public int InWindow { get; set; } = 10;

    /// <summary>See <see cref="InWindow"/>. Default 30 s.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls before one may probe. Default 60 s.</summary>
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How old a node's knowledge of the circuits may be. Default 1 s.</summary>
    public TimeSpan Fresh { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many calls of all nodes may go in a period, by host (with its port where that is not the usual one) or name of a service.</summary>
    public IReadOnlyDictionary<string, Rate> Rates { get; set; } = new Dictionary<string, Rate>();
}
