using System.Text;
using Pontual.Engine.Output;

namespace Pontual.Engine.Tests.Output;

public sealed class OutputTextTests
{
    [Theory]
    [InlineData("plain\r\n\ttext", "plain\r\n\ttext")]
    [InlineData("\e[31mred\e[0m and \e[1;2Hmoved", "red and moved")]
    [InlineData("\e]0;title\aafter", "after")]
    [InlineData("\e]8;;https://example.org\e\\link\e]8;;\e\\", "link")]
    [InlineData("\e(Bset \e7save", "set save")]
    [InlineData("a\0b\bc\u007Fd", "a␀b␈c␡d")]
    [InlineData("\u009B31m", "\uFFFD31m")]
    [InlineData("ends with \e", "ends with ")]
    [InlineData("\e]never ended\nnext line", "\nnext line")]
    [InlineData("ação 日本 🙂", "ação 日本 🙂")]
    public void Text_is_made_inert(string printed, string shown)
    {
        Assert.Equal(shown, OutputText.From(Encoding.UTF8.GetBytes(printed)));
    }

    [Theory]
    [InlineData("ação 日本 🙂\e[31m red")]
    public void A_character_or_sequence_may_be_split_between_pieces(string printed)
    {
        var bytes = Encoding.UTF8.GetBytes(printed);
        var text = new OutputText();

        var shown = string.Concat(bytes.Select(one => text.Decode([one]))) + text.Finish();

        Assert.Equal("ação 日本 🙂 red", shown);
    }

    [Fact]
    public void Any_bytes_become_valid_text_without_controls()
    {
        var random = new Random(20261121);
        var bytes = new byte[100_000];
        random.NextBytes(bytes);

        var shown = OutputText.From(bytes);

        Assert.DoesNotContain(shown, character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'));
        Assert.Equal(shown, Encoding.UTF8.GetString(new UTF8Encoding(false, true).GetBytes(shown)));
    }

    [Fact]
    public void Invalid_bytes_and_a_cut_character_become_replacement_characters()
    {
        Assert.Equal("a\uFFFDb\uFFFD", OutputText.From([(byte)'a', 0xE7, (byte)'b', 0xF0, 0x9F]));
    }
}
