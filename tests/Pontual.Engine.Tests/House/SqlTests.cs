using System.Text.RegularExpressions;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.House;

public partial class SqlTests
{
    [Fact]
    public void Sql_is_written_only_in_files_named_Store()
    {
        var offences = Repository
            .Sources("src")
            .Where(file => !Path.GetFileName(file).EndsWith("Store.cs", StringComparison.Ordinal))
            .Where(file => !Path.GetFileName(file).Contains("Store.", StringComparison.Ordinal))
            .SelectMany(file => Statements(File.ReadAllText(file)).Select(sql => $"{Path.GetFileName(file)}: {sql}"));

        offences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"SELECT id FROM run\"", true)]
    [InlineData("\"\"\"\n    select *\n    from run\n\"\"\"", true)]
    [InlineData("\"INSERT INTO run (id)\"", true)]
    [InlineData("\"UPDATE run SET state = 1\"", true)]
    [InlineData("\"DELETE FROM run\"", true)]
    [InlineData("\"CREATE TABLE run (id)\"", true)]
    [InlineData("\"Select a job from the list.\"", false)]
    [InlineData("/// Updates the run and sets its state.", false)]
    [InlineData("// deletes from the run", false)]
    [InlineData("var x = Delete(from);", false)]
    public void The_rule_catches_what_it_should(string text, bool caught) => Statements(text).Any().ShouldBe(caught);

    private static IEnumerable<string> Statements(string text) =>
        Statement().Matches(Comment().Replace(text, "")).Select(match => match.Value);

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // Case decides for words that English shares with SQL; a whole statement of either case in a raw string is caught by its shape.
    [GeneratedRegex(
        @"\bSELECT\b[\s\S]{1,200}?\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\b(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW)\b|""""""\s*select\b[\s\S]{1,200}?\bfrom\b"
    )]
    private static partial Regex Statement();
}
