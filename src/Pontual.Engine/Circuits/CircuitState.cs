namespace Pontual.Engine.Circuits;

/// <summary>Whether calls go out.</summary>
public enum CircuitState
{
    /// <summary>They do.</summary>
    Closed,

    /// <summary>They are refused at once.</summary>
    Open,

    /// <summary>One call, of one node, finds out whether the others may.</summary>
    HalfOpen,
}
