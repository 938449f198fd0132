using System.Text;
using Pontual.Engine.Runs;

namespace Pontual.Server.Access;

/// <summary>Codes for whoever lost the device, each for one use: 80 random bits, written <c>ABCD-EFGH-IJKL-MNOP</c>, kept only as their SHA-256.</summary>
internal static class RecoveryCodes
{
    /// <summary>How many a user gets.</summary>
    public const int Count = 10;

    private const int Length = 16;

    /// <summary>A fresh set.</summary>
    public static IReadOnlyList<string> New(IRandomBytes random) => [.. Enumerable.Range(0, Count).Select(_ => One(random))];

    /// <summary>What is kept of a code, however it was typed; null for what could be none.</summary>
    public static byte[]? HashOf(string code)
    {
        var letters = new StringBuilder();
        foreach (var letter in code.Where(char.IsAsciiLetterOrDigit))
        {
            letters.Append(char.ToUpperInvariant(letter));
        }

        return letters.Length == Length ? TokenSecret.Hash(letters.ToString()) : null;
    }

    private static string One(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[10];
        random.Fill(bytes);
        return string.Join('-', Base32.Of(bytes).Chunk(4).Select(part => new string(part)));
    }
}
