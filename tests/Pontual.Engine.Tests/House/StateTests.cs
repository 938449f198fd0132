using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.House;

public partial class StateTests
{
    public static TheoryData<string> Assemblies => ["Pontual.Scheduling", "Pontual.Engine", "Pontual.Storage", "Pontual.Runners"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_static_field_can_change(string assembly)
    {
        var offences =
            from type in Assembly.Load(assembly).GetTypes()
            where !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.Contains('<', StringComparison.Ordinal)
            where type.Namespace?.StartsWith("Pontual", StringComparison.Ordinal) is true
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where field is { IsLiteral: false, IsInitOnly: false }
            where !field.Name.StartsWith("<>", StringComparison.Ordinal) && !field.Name.StartsWith("__", StringComparison.Ordinal)
            select $"{type.Name}.{field.Name}";

        offences.ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_goes_round_the_banned_clocks_and_timers()
    {
        var offences = Repository
            .Sources("src")
            .Where(file => !file.Contains("Pontual.Cli", StringComparison.Ordinal))
            .SelectMany(file =>
                Bypass().Matches(Comment().Replace(File.ReadAllText(file), "")).Select(match => $"{Path.GetFileName(file)}: {match.Value}")
            );

        offences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("var sw = Stopwatch.StartNew();", true)]
    [InlineData("Environment.TickCount64", true)]
    [InlineData("#pragma warning disable RS0030", true)]
    [InlineData("DateTime.UtcNow", true)]
    [InlineData("time.GetUtcNow()", false)]
    public void The_rule_catches_what_it_should(string text, bool caught) => Bypass().IsMatch(text).ShouldBe(caught);

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bStopwatch\.\w+|\bEnvironment\.TickCount\w*|RS0030|\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bThread\.Sleep\b")]
    private static partial Regex Bypass();
}
