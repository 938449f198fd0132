namespace Pontual.Engine.Nodes;

/// <summary>How a node shows that it lives. Section <c>Pontual:Lease</c>.</summary>
public sealed class LeaseOptions
{
    /// <summary>How long others wait for a sign of life before they take over what a node holds; 3 s to 10 min. Default 10 s.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the lease is renewed. Default 3 s.</summary>
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>A node that could not renew stops all it runs this long after the start of its last confirmed renewal. Default 7 s.</summary>
    public TimeSpan StopAfter { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>Looks at the disk that the node's data lies on; it must be quick. Null: nobody looks.</summary>
    public Func<DiskSpace?>? Disk { get; set; }
}
