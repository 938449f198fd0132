namespace Pontual.Scheduling.Texts;

/// <summary>The languages there are.</summary>
internal static class Languages
{
    public static readonly English English = new();
    public static readonly Portuguese Portuguese = new();
}
