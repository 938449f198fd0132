namespace Pontual.Engine.Checks;

/// <summary>How a check stands at an instant: derived, never stored. The worst that holds is told.</summary>
public enum CheckState
{
    /// <summary>It has not reported yet, and need not have.</summary>
    New,

    /// <summary>It reported in time, and well.</summary>
    Up,

    /// <summary>A report is due, and its grace has not passed yet.</summary>
    Late,

    /// <summary>A run of it goes on.</summary>
    Started,

    /// <summary>Its last report told of a failure.</summary>
    Failing,

    /// <summary>The grace of a due report, or of a run that goes on, has passed.</summary>
    Down,

    /// <summary>Nobody waits for its reports.</summary>
    Paused,
}
