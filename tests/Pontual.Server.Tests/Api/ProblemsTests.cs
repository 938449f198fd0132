using System.Text.RegularExpressions;

namespace Pontual.Server.Tests.Api;

public sealed partial class ProblemsTests
{
    [Fact]
    public void Every_problem_is_explained_and_no_other()
    {
        var files = Directory.GetFiles(InTree("src/Pontual.Server/Api"), "Problems*.cs");
        var inCode = files.SelectMany(file => Types().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

        var inBook = Headings().Matches(File.ReadAllText(InTree("docs/reference/problems.md"))).Select(match => match.Groups[1].Value);

        Assert.NotEmpty(inCode);
        Assert.Equal(inCode.Order(), inBook.Order());
    }

    private static string InTree(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pontual.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the tree.");
        }

        return Path.Combine(folder.FullName, path);
    }

    [GeneratedRegex("""\bOf\(\s*(?:\d{3}|status),\s*"([a-z-]+)"\s*,""")]
    private static partial Regex Types();

    [GeneratedRegex("^### `([a-z-]+)`", RegexOptions.Multiline)]
    private static partial Regex Headings();
}
