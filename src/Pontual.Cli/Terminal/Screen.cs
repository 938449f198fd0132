using System.Text.Json;
using Spectre.Console;

namespace Pontual.Cli.Terminal;

/// <summary>Where a command writes: results to standard output (a table for people, or JSON), all else to standard error.</summary>
/// <remarks>Colours are for terminals only: what goes into a pipe or a file is plain. Nothing is ever cut. NO_COLOR is honoured.</remarks>
internal sealed class Screen(bool json)
{
    private const int UnlimitedWidth = 10_000;

    private readonly IAnsiConsole _out = ConsoleOn(Console.Out, Console.IsOutputRedirected);
    private readonly IAnsiConsole _error = ConsoleOn(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether the answer is wanted in JSON.</summary>
    public bool Json { get; } = json;

    /// <summary>Whether a person sees standard output as it is written.</summary>
    public bool IsTerminal { get; } = !Console.IsOutputRedirected;

    /// <summary>Columns there are.</summary>
    public int Width { get; } = Console.IsOutputRedirected ? UnlimitedWidth : AnsiConsole.Profile.Width;

    /// <summary>Writes a line of markup (<c>[red]…[/]</c>); escape what comes from outside.</summary>
    public void Line(string markup = "") => _out.MarkupLine(markup);

    /// <summary>Writes text as it is, without a line end.</summary>
    public static void Raw(string text) => Console.Out.Write(text);

    /// <summary>Writes bytes as they are.</summary>
    public static void Raw(ReadOnlySpan<byte> bytes)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(bytes);
    }

    /// <summary>Tells a person something that is not the answer.</summary>
    public void Note(string text) => _error.WriteLine(text);

    /// <summary>Writes the answer as JSON.</summary>
    public static void Write(JsonElement answer)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JsonText.Encoder }))
        {
            answer.WriteTo(writer);
        }

        output.Write("\n"u8);
    }

    /// <summary>Says what is wrong in one line, and the single problems below it.</summary>
    public void Error(string message, IReadOnlyList<string> details)
    {
        _error.Markup("[red]pontual:[/] ");
        _error.WriteLine(OneLine(message));
        foreach (var detail in details)
        {
            _error.WriteLine($"  {OneLine(detail)}");
        }
    }

    /// <summary>Writes rows under headers. Cells are markup.</summary>
    public void Table(IReadOnlyList<string> headers, IEnumerable<string[]> rows)
    {
        var table = new Table().NoBorder().Collapse();
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn($"[bold]{header}[/]") { Padding = new Padding(0, 0, 2, 0), NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        _out.Write(table);
    }

    /// <summary>Writes facts, a name and a value a line.</summary>
    public void Facts(IEnumerable<(string Name, string? Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().NoWrap());
        foreach (var (name, value) in facts.Where(fact => fact.Value is { Length: > 0 }))
        {
            grid.AddRow($"[bold]{name}[/]", value!);
        }

        _out.Write(grid);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = InteractionSupport.No,
            }
        );
        // Cells are never broken: a terminal that is too narrow continues on the next line, and ids can still be copied.
        console.Profile.Width = UnlimitedWidth;
        return console;
    }
}
