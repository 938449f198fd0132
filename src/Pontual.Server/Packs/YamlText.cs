using System.Text.Json;
using YamlDotNet.Core;

namespace Pontual.Server.Packs;

/// <summary>A YAML file as JSON, with the place of every value and every key. Never throws on any text.</summary>
/// <remarks>
/// The events of the parser become a small tree, so that an anchor is parsed once; the tree is then written out as JSON, where each alias costs
/// what it stands for, up to a limit ("billion laughs" end there). Scalars follow the core schema of YAML 1.2 (<see cref="YamlScalar"/>).
/// </remarks>
internal sealed class YamlText
{
    /// <summary>Most values in one file, those behind aliases counted each time.</summary>
    public const int MostNodes = 500_000;

    /// <summary>Most characters of all texts in one file, those behind aliases counted each time.</summary>
    public const int MostText = 4 * PackFile.Largest;

    /// <summary>Most levels inside each other.</summary>
    public const int Deepest = 48;

    private readonly PackFile _file;
    private readonly List<PackProblem> _problems;
    private readonly Dictionary<string, Place> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> _keys = new(StringComparer.Ordinal);

    private YamlText(PackFile file, List<PackProblem> problems) => (_file, _problems) = (file, problems);

    /// <summary>The whole file; undefined when it could not be read at all.</summary>
    public JsonElement Root { get; private set; }

    /// <summary>Reads a file and adds what is wrong with it as YAML.</summary>
    public static YamlText Read(PackFile file, List<PackProblem> problems)
    {
        var yaml = new YamlText(file, problems);
        if (yaml.IsText() && yaml.Parse() is { } root)
        {
            yaml.Root = yaml.Write(root);
        }

        return yaml;
    }

    /// <summary>Where a value stands, or else its nearest parent that is written.</summary>
    /// <param name="path">JSON pointer.</param>
    /// <param name="key">The place of its key, where it has one.</param>
    public Place At(string path, bool key)
    {
        while (true)
        {
            if ((key && _keys.TryGetValue(path, out var place)) || _values.TryGetValue(path, out place))
            {
                return place;
            }

            if (path.Length == 0)
            {
                return new Place(1, 1, 0);
            }

            path = path[..path.LastIndexOf('/')];
        }
    }

    private void Report(Place place, string path, string rule, string message, string fix) =>
        _problems.Add(new(_file.Name, place.Line, place.Column, path, rule, message, fix));

    /// <summary>The parser takes NUL for the end of the file: what cannot be YAML is refused before it.</summary>
    private bool IsText()
    {
        if (_file.Text.Length > PackFile.Largest)
        {
            Report(new(1, 1, 0), "", "file", $"the file has more than {PackFile.Largest} characters", "split it");
            return false;
        }

        var (line, start) = (1, 0);
        for (var at = 0; at < _file.Text.Length; at++)
        {
            var letter = _file.Text[at];
            if (letter == '\n')
            {
                (line, start) = (line + 1, at + 1);
            }
            else if ((char.IsControl(letter) && letter is not ('\t' or '\r' or '\u0085')) || letter is '\uFFFE' or '\uFFFF')
            {
                Report(new(line, at - start + 1, 0), "", "text", $"there is a control character (U+{(int)letter:X4})", "leave it out");
                return false;
            }
        }

        return true;
    }

    private YamlNode? Parse()
    {
        try
        {
            return new YamlTree(_problems, _file.Name).Read(new Parser(new StringReader(_file.Text)));
        }
        catch (YamlException broken)
        {
            ReportSyntax(broken);
        }
        catch (Exception broken)
            when (broken
                    is InvalidOperationException
                        or ArgumentException
                        or IndexOutOfRangeException
                        or FormatException
                        or OverflowException
            )
        {
            // The parser's own slips on damaged text; they say nothing about the place.
            Report(new(1, 1, 0), "", "yaml", $"the file is not YAML: {broken.Message.TrimEnd('.')}", "check its syntax");
        }

        return null;
    }

    private void ReportSyntax(YamlException broken)
    {
        var message = broken.Message.TrimEnd('.');
        var lines = _file.Text.Split('\n');
        var line = Math.Clamp((int)broken.Start.Line, 1, lines.Length);
        var column = Math.Max(1, (int)broken.Start.Column);
        var tabbed = TabInIndentation(lines[line - 1]) >= 0 ? line - 1 : Array.FindIndex(lines, text => TabInIndentation(text) >= 0);
        if (tabbed == line - 1 || (tabbed >= 0 && message.Contains("tab", StringComparison.Ordinal)))
        {
            Report(new(tabbed + 1, TabInIndentation(lines[tabbed]) + 1, 0), "", "yaml", "a tab is used to indent", "use spaces");
            return;
        }

        // The parser misses a closing bracket only at the end of the file, after the last line with anything on it.
        while (line > 1 && string.IsNullOrWhiteSpace(lines[line - 1]))
        {
            line--;
            column = lines[line - 1].TrimEnd().Length + 1;
        }

        var place = message.IndexOf("): ", StringComparison.Ordinal);
        Report(new(line, column, 0), "", "yaml", place > 0 ? message[(place + 3)..] : message, "correct the YAML here, or just before");
    }

    private static int TabInIndentation(string line) => line[..^line.TrimStart().Length].IndexOf('\t', StringComparison.Ordinal);

    private JsonElement Write(YamlNode root)
    {
        var buffer = new MemoryStream();
        var complete = true;
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            complete = new YamlToJson(writer, _values, _keys, _problems, _file.Name).Write(root);
        }

        return complete ? JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) : default;
    }
}

/// <summary>A place in a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Quote">Characters before a scalar's text begins: 1 when it is quoted; -1 when places inside it are not known.</param>
internal readonly record struct Place(int Line, int Column, int Quote);
