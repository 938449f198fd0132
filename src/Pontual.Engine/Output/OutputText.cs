using System.Text;

namespace Pontual.Engine.Output;

/// <summary>Turns printed bytes into text that is safe to show: valid Unicode, no terminal commands, no control characters but line feed, carriage return and tab.</summary>
/// <remarks>Invalid UTF-8 becomes U+FFFD, escape sequences are left out, other control characters become their pictures (NUL is ␀). Holds what a piece left
/// unfinished, so give it the pieces of one attempt in order. Not thread-safe.</remarks>
public sealed class OutputText
{
    /// <summary>A sequence that has not ended by then is none: the rest is shown.</summary>
    private const int LongestSequence = 256;

    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: false).GetDecoder();
    private Part _part;
    private int _sequence;

    private enum Part
    {
        Text,
        Escape,
        Control,
        Command,
        CommandEscape,
    }

    /// <summary>All of <paramref name="bytes"/> as text.</summary>
    public static string From(ReadOnlySpan<byte> bytes)
    {
        var text = new OutputText();
        return text.Decode(bytes) + text.Finish();
    }

    /// <summary>The text that the next piece completes.</summary>
    public string Decode(ReadOnlySpan<byte> bytes) => Decode(bytes, last: false);

    /// <summary>What the last piece left unfinished: U+FFFD for a character that was cut, else nothing.</summary>
    public string Finish() => Decode([], last: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool last)
    {
        var characters = new char[_decoder.GetCharCount(bytes, last)];
        var count = _decoder.GetChars(bytes, characters, last);
        var shown = new StringBuilder(count);
        foreach (var character in characters.AsSpan(0, count))
        {
            if (!IsInSequence(character))
            {
                shown.Append(Inert(character));
            }
        }

        return shown.ToString();
    }

    /// <summary>Follows ECMA-48: ESC x, ESC [ … final, and ESC ] P X ^ _ … up to BEL or ESC \.</summary>
    private bool IsInSequence(char character)
    {
        if (_part is not Part.Text && (character is '\n' || ++_sequence > LongestSequence))
        {
            _part = Part.Text;
        }

        if (character == '\e' && _part is not Part.Command)
        {
            (_part, _sequence) = (Part.Escape, 0);
            return true;
        }

        switch (_part)
        {
            case Part.Escape:
                _part = AfterEscape(character);
                return character is >= ' ' and <= '~';
            case Part.Control:
                _part = character is >= ' ' and <= '?' ? Part.Control : Part.Text;
                return character is >= ' ' and <= '~';
            case Part.Command:
                _part =
                    character == '\a' ? Part.Text
                    : character == '\e' ? Part.CommandEscape
                    : Part.Command;
                return true;
            case Part.CommandEscape:
                _part = Part.Text;
                return character == '\\';
            default:
                return false;
        }
    }

    private static Part AfterEscape(char character) =>
        character switch
        {
            '[' => Part.Control,
            ']' or 'P' or 'X' or '^' or '_' => Part.Command,
            >= ' ' and <= '/' => Part.Escape,
            _ => Part.Text,
        };

    private static char Inert(char character) =>
        character switch
        {
            '\n' or '\r' or '\t' => character,
            < ' ' => (char)('\u2400' + character),
            '\u007F' => '\u2421',
            >= '\u0080' and <= '\u009F' => '\uFFFD',
            _ => character,
        };
}
