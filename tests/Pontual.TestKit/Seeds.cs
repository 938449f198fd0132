using System.Text.RegularExpressions;

namespace Pontual.TestKit;

/// <summary>The documents behind the requirements, which lie beside the tree where it was written and may be absent elsewhere.</summary>
public static partial class Seeds
{
    /// <summary>Their folder.</summary>
    public static string Folder { get; } = Path.GetFullPath(Repository.Path("../shared/seeds"));

    /// <summary>Whether they are there.</summary>
    public static bool AreThere => Directory.Exists(Folder);

    /// <summary>The fenced blocks of one language of a document, in their order.</summary>
    /// <param name="document">A file name.</param>
    /// <param name="language">As it stands behind the fence: "sql".</param>
    public static IReadOnlyList<string> Blocks(string document, string language) =>
        [
            .. Fenced()
                .Matches(File.ReadAllText(Path.Combine(Folder, document)))
                .Where(block => block.Groups["language"].Value == language)
                .Select(block => block.Groups["text"].Value),
        ];

    [GeneratedRegex(@"^[ ]*```(?<language>\w+)\n(?<text>.*?)^[ ]*```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
