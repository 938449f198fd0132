using System.Text.RegularExpressions;

namespace Pontual.Engine.Tests.House;

/// <summary>The folder table of ARCHITECTURE.md: which namespace may use which.</summary>
internal sealed partial class FolderTable
{
    private readonly Dictionary<string, string[]> _rows;

    private FolderTable(Dictionary<string, string[]> rows) => _rows = rows;

    public IReadOnlyCollection<string> Folders => _rows.Keys;

    public static FolderTable Read(string page) =>
        new(
            Row()
                .Matches(page)
                .ToDictionary(
                    row => row.Groups[1].Value,
                    row => row.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
        );

    /// <summary>What a file does that the table does not allow, each in a sentence.</summary>
    public IEnumerable<string> Offences(string file, string text)
    {
        var home = Namespace().Match(text).Groups[1].Value;
        if (home.Length == 0)
        {
            yield break;
        }

        if (!_rows.TryGetValue(RowOf(home), out var allowed))
        {
            yield return $"{file}: {home} has no row in the table of ARCHITECTURE.md";
            yield break;
        }

        foreach (var used in Using().Matches(text).Select(match => RowOf(match.Groups[1].Value)).Distinct())
        {
            if (!IsInside(used, home) && !IsInside(home, used) && !Array.Exists(allowed, folder => folder == "*" || IsInside(used, folder)))
            {
                yield return $"{file}: {home} may not use {used}";
            }
        }
    }

    // A sub-folder without a row of its own lives by its parent's.
    private string RowOf(string home)
    {
        var folder = home;
        while (
            !_rows.ContainsKey(folder) && folder.LastIndexOf('.') is > 0 and var dot && folder.IndexOf('.', StringComparison.Ordinal) < dot
        )
        {
            folder = folder[..dot];
        }

        return folder;
    }

    private static bool IsInside(string folder, string parent) =>
        folder == parent || folder.StartsWith(parent + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| `([A-Za-z.]+)` \|(.*)\|\s*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^namespace Pontual\.([A-Za-z.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?Pontual\.(\w+(?:\.\w+)*)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
