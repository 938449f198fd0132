namespace Pontual.Engine.Alerts;

/// <summary>The pace of the watch.</summary>
public sealed class WatchOptions
{
    /// <summary>How often somebody looks.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is said outside that somebody watches.</summary>
    public TimeSpan BeatEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>For how long a notice is held by who delivers it: when he is lost, others deliver it after this.</summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a delivery may take; less than <see cref="Hold"/>.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often notices that nobody was woken for are looked for.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a notice is tried for before it is given up.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How long resolved alerts are kept.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(90);
}
