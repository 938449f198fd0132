using System.Text;
using System.Text.RegularExpressions;

namespace Pontual.Server.Packs;

/// <summary>As much of a shell command as must be understood to know where its output goes: quotes, redirections, and whether it is one simple command.</summary>
internal sealed partial class ShellText
{
    private readonly List<ShellRedirection> _redirections = [];
    private int _at;

    private ShellText(string text) => Text = text;

    public string Text { get; }

    /// <summary>No <c>; | &amp; ( ) #</c>, line break, backtick or <c>$(</c> outside quotes, and all quotes are closed.</summary>
    public bool IsSimple { get; private set; } = true;

    /// <summary>Redirections of output, in order.</summary>
    public IReadOnlyList<ShellRedirection> Redirections => _redirections;

    public static ShellText Read(string text)
    {
        var shell = new ShellText(text);
        while (shell._at < text.Length)
        {
            shell.Step();
        }

        return shell;
    }

    /// <summary>The folder that relative paths start from, after a leading <c>cd FOLDER &amp;&amp;</c>; null when it cannot be known.</summary>
    public static string? FolderOf(string text, string? home)
    {
        var moves = ChangeOfFolder().Count(text);
        if (moves == 0)
        {
            return home;
        }

        var first = LeadingChange().Match(text);
        if (moves > 1 || !first.Success)
        {
            return null;
        }

        var reader = new ShellText(text) { _at = first.Length };
        var folder = reader.Word();
        reader.SkipBlanks();
        var goesOn = text.AsSpan(reader._at).StartsWith("&&") || text.AsSpan(reader._at).StartsWith(";");
        return goesOn ? Resolve(folder.Plain, home, home) : null;
    }

    /// <summary>The absolute path of a redirection's file; null when only the shell can know it.</summary>
    public static string? Resolve(ShellRedirection redirection, string? folder, string? home) => Resolve(redirection.Path, folder, home);

    private static string? Resolve(string? path, string? folder, string? home)
    {
        if (path is null)
        {
            return null;
        }

        var whole =
            path.StartsWith('/') ? path
            : path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..]
            : $"{folder}/{path}";
        return whole.StartsWith('/') && !(path[0] == '~' && home is null) && !(path[0] is not ('/' or '~') && folder is null)
            ? Path.GetFullPath(whole)
            : null;
    }

    private void Step()
    {
        var letter = Text[_at];
        var next = _at + 1 < Text.Length ? Text[_at + 1] : '\0';
        switch (letter)
        {
            case '>':
            case '&' when next == '>':
                Redirection();
                return;
            case ';' or '|' or '&' or '(' or ')' or '`' or '\n':
            case '$' when next == '(':
            case '<' when next == '<':
            case '#' when _at == 0 || Text[_at - 1] is ' ' or '\t':
                IsSimple = false;
                _at++;
                return;
            default:
                Skip();
                return;
        }
    }

    /// <summary>Goes over one character, or one quoted piece.</summary>
    private void Skip()
    {
        var quote = Text[_at++];
        if (quote == '\\')
        {
            _at = Math.Min(Text.Length, _at + 1);
        }

        if (quote is not ('\'' or '"'))
        {
            return;
        }

        while (_at < Text.Length && Text[_at] != quote)
        {
            _at += quote == '"' && Text[_at] == '\\' ? 2 : 1;
        }

        IsSimple &= _at < Text.Length;
        _at = Math.Min(Text.Length, _at + 1);
    }

    private void Redirection()
    {
        var start = _at;
        var from = 1;
        if (start > 0 && char.IsAsciiDigit(Text[start - 1]) && (start == 1 || Text[start - 2] is ' ' or '\t'))
        {
            start--;
            from = Text[start] - '0';
        }

        var symbol = RedirectionSymbol().Match(Text, _at);
        _at += symbol.Length;
        SkipBlanks();
        var (raw, plain) = Word();
        var toStream = symbol.Value == ">&" && (raw == "-" || raw.All(char.IsAsciiDigit));
        _redirections.Add(
            new ShellRedirection(start, _at, from, symbol.Value, toStream ? null : raw, toStream ? null : plain, toStream ? raw : null)
        );
    }

    private void SkipBlanks()
    {
        while (_at < Text.Length && Text[_at] is ' ' or '\t')
        {
            _at++;
        }
    }

    /// <summary>One word: as it is written, and as it is meant when no shell is needed to know (null otherwise).</summary>
    private (string Raw, string? Plain) Word()
    {
        var start = _at;
        while (_at < Text.Length && !" \t\n;|&<>()".Contains(Text[_at], StringComparison.Ordinal))
        {
            Skip();
        }

        var raw = Text[start.._at];
        return (raw, Plain(Home().Replace(raw, "$1~/")));
    }

    private static string? Plain(string raw)
    {
        var plain = new StringBuilder();
        var quote = '\0';
        foreach (var letter in raw)
        {
            if (quote == '\0' && letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (letter is '\\' || (quote != '\'' && letter is '$' or '`') || (quote == '\0' && letter is '*' or '?' or '[' or '{'))
            {
                return null;
            }
            else
            {
                plain.Append(letter);
            }
        }

        return quote != '\0' || plain.Length == 0 ? null : plain.ToString();
    }

    [GeneratedRegex(@"\G(?:&>>|&>|>>|>\||>&|>)")]
    private static partial Regex RedirectionSymbol();

    [GeneratedRegex(@"\Acd[ \t]+")]
    private static partial Regex LeadingChange();

    [GeneratedRegex(@"(?:\A|[;&|(\n{]|\bthen|\bdo)[ \t]*(?:cd|pushd)(?=[ \t;&]|\z)")]
    private static partial Regex ChangeOfFolder();

    [GeneratedRegex(@"\A(""?)(?:\$HOME|\$\{HOME\})/(?=[^""]*""?\z)")]
    private static partial Regex Home();
}

/// <summary>A redirection of output.</summary>
/// <param name="Start">Where it begins in the text, its stream number included.</param>
/// <param name="End">Where it ends.</param>
/// <param name="From">The stream that is redirected: 1, or what is written before.</param>
/// <param name="Operator"><c>></c>, <c>>></c>, <c>&amp;></c>, …</param>
/// <param name="Target">The file as it is written; null when it goes to another stream.</param>
/// <param name="Path">The file, when no shell is needed to know it; may be relative or begin with <c>~</c>.</param>
/// <param name="ToStream">The stream it goes to; null when it is a file.</param>
internal sealed record ShellRedirection(int Start, int End, int From, string Operator, string? Target, string? Path, string? ToStream)
{
    /// <summary><c>2>&amp;1</c>.</summary>
    public bool IsErrorToOutput => From == 2 && ToStream == "1";
}
