using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.House;

public class ArchitectureTests
{
    [Fact(DisplayName = "X-03 folders use only what the table in ARCHITECTURE.md allows")]
    public void Folders_use_only_what_the_table_allows()
    {
        var table = FolderTable.Read(File.ReadAllText(Repository.Path("ARCHITECTURE.md")));

        var offences = Repository.Sources("src").SelectMany(file => table.Offences(Path.GetFileName(file), File.ReadAllText(file)));

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void Every_row_of_the_table_names_a_folder_that_exists()
    {
        var table = FolderTable.Read(File.ReadAllText(Repository.Path("ARCHITECTURE.md")));

        var missing = table.Folders.Where(folder => !Directory.Exists(FolderOf(folder)));

        missing.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("namespace Pontual.A.One;", new string[0])]
    [InlineData("using Pontual.A.Two;\nnamespace Pontual.A.One;", new string[0])]
    [InlineData("using Pontual.A.Two.Deep;\nnamespace Pontual.A.One;", new string[0])]
    [InlineData("using Pontual.A.One;\nnamespace Pontual.A.One.Deep;", new string[0])]
    [InlineData("using Pontual.A.Three;\nnamespace Pontual.A.One;", new[] { "x.cs: A.One may not use A.Three" })]
    [InlineData("using static Pontual.A.Three.Thing;\nnamespace Pontual.A.One;", new[] { "x.cs: A.One may not use A.Three" })]
    [InlineData("using Thing = Pontual.A.Three.Thing;\nnamespace Pontual.A.One;", new[] { "x.cs: A.One may not use A.Three" })]
    [InlineData("using Pontual.B.Two.Deep;\nnamespace Pontual.A.One;", new string[0])]
    [InlineData("using Pontual.B.Two;\nnamespace Pontual.A.One;", new[] { "x.cs: A.One may not use B.Two" })]
    [InlineData("using Pontual.A.Three;\nnamespace Pontual.A.Star;", new string[0])]
    [InlineData("namespace Pontual.A.Unknown;", new[] { "x.cs: A.Unknown has no row in the table of ARCHITECTURE.md" })]
    public void The_table_catches_what_it_should(string text, string[] offences)
    {
        var table = FolderTable.Read(
            "| folder | may use |\n|---|---|\n| `A.One` | A.Two, B.Two.Deep |\n| `A.Two` | |\n| `A.Three` | |\n| `B.Two` | |\n| `B.Two.Deep` | |\n| `A.Star` | * |\n"
        );

        table.Offences("x.cs", text).ShouldBe(offences);
    }

    private static string FolderOf(string row)
    {
        var parts = row.Split('.');
        return Repository.Path(Path.Combine(["src", "Pontual." + parts[0], .. parts[1..]]));
    }
}
