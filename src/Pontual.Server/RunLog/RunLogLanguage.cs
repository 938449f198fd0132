namespace Pontual.Server.RunLog;

/// <summary>Whether the runs of a node are written to its log, and in which language.</summary>
public enum RunLogLanguage
{
    /// <summary>They are not: thousands a second would drown everything else.</summary>
    Off,

    /// <summary>"Running job NAME", "FAIL NAME", "Local time".</summary>
    English,

    /// <summary>The lines that operators of S5 search for (S5-12).</summary>
    Portuguese,
}
