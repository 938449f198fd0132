namespace Pontual.Engine.Alerts;

/// <summary>Texts in which <c>*</c> stands for any text.</summary>
internal static class Wildcard
{
    /// <summary>Whether one of the patterns fits; no patterns fit everything.</summary>
    public static bool MatchesAny(IReadOnlyList<string> patterns, string text) =>
        patterns.Count == 0 || patterns.Any(pattern => Matches(pattern, text));

    private static bool Matches(string pattern, string text) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Escaped(pattern), text, ignoreCase: false);

    // Only the star is special here: subjects have question marks and backslashes of their own.
    private static string Escaped(string pattern) =>
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
}
