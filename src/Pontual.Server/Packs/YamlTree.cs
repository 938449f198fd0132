using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pontual.Server.Packs;

/// <summary>Builds the tree of one YAML document from parser events. An alias is the same node as its anchor.</summary>
internal sealed class YamlTree(List<PackProblem> problems, string file)
{
    private static readonly string[] TextTags = ["tag:yaml.org,2002:str", "!"];

    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<YamlNode> _open = new(ReferenceEqualityComparer.Instance);

    /// <returns>Null when there is no document, or what there is cannot be used at all.</returns>
    public YamlNode? Read(IParser parser)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            problems.Add(new(file, 1, 1, "", "empty", "the file is empty", "begin it with 'jobs:'"));
            return null;
        }

        var root = Node(parser, 1);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            Report(second, "documents", "there is a second document (---) in the file", "put it into a file of its own");
        }

        return root;
    }

    private YamlNode Node(IParser parser, int level)
    {
        if (level > YamlText.Deepest)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"There are more than {YamlText.Deepest} levels here");
        }

        return parser.Consume<ParsingEvent>() switch
        {
            AnchorAlias alias => Alias(alias),
            Scalar scalar => Anchored(scalar, new YamlNode(PlaceOf(scalar)) { Text = scalar.Value, IsPlain = IsPlain(scalar) }),
            SequenceStart list => List(parser, list, level),
            MappingStart map => Map(parser, map, level),
            var other => throw new YamlException(other.Start, other.End, "Something else was expected here"),
        };
    }

    private YamlNode List(IParser parser, SequenceStart start, int level)
    {
        var node = Anchored(start, new YamlNode(PlaceOf(start)) { Items = [] });
        _open.Add(node);
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            node.Items!.Add(Node(parser, level + 1));
        }

        _open.Remove(node);
        return node;
    }

    private YamlNode Map(IParser parser, MappingStart start, int level)
    {
        var node = Anchored(start, new YamlNode(PlaceOf(start)) { Entries = [] });
        _open.Add(node);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, level + 1);
            node.Entries!.Add((key, Node(parser, level + 1)));
        }

        _open.Remove(node);
        return node;
    }

    private YamlNode Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            Report(alias, "alias", $"there is no anchor &{alias.Value} before this", "define it first, or quote the text");
        }
        else if (_open.Contains(node))
        {
            Report(alias, "alias", $"*{alias.Value} stands inside what it names", "write the value out");
        }
        else
        {
            return node;
        }

        return new YamlNode(PlaceOf(alias)) { Text = "" };
    }

    private YamlNode Anchored(NodeEvent start, YamlNode node)
    {
        var tag = start.Tag.IsEmpty ? null : start.Tag.Value;
        if (tag is not null && !(start is Scalar && TextTags.Contains(tag, StringComparer.Ordinal)))
        {
            Report(start, "tag", $"the tag {tag} is not read here", "leave it out");
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private static bool IsPlain(Scalar scalar) => scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty;

    private static Place PlaceOf(ParsingEvent start)
    {
        var inside =
            start is not Scalar scalar ? -1
            : scalar.Start.Line != scalar.End.Line || !scalar.Anchor.IsEmpty || !scalar.Tag.IsEmpty ? -1
            : scalar.Style is ScalarStyle.Plain ? 0
            : scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1
            : -1;
        return new Place((int)start.Start.Line, (int)start.Start.Column, inside);
    }

    private void Report(ParsingEvent at, string rule, string message, string fix) =>
        problems.Add(new(file, (int)at.Start.Line, (int)at.Start.Column, "", rule, message, fix));
}

/// <summary>A scalar, a list or a mapping of a YAML file: exactly one of <see cref="Text"/>, <see cref="Items"/> and <see cref="Entries"/> is set.</summary>
internal sealed class YamlNode(Place place)
{
    public Place Place { get; } = place;

    public string? Text { get; init; }

    /// <summary>Neither quoted nor tagged: the text may mean null, a truth value or a number.</summary>
    public bool IsPlain { get; init; }

    public List<YamlNode>? Items { get; init; }

    public List<(YamlNode Key, YamlNode Value)>? Entries { get; init; }
}
