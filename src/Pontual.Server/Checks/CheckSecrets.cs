using System.Buffers.Text;
using Pontual.Engine.Checks;
using Pontual.Engine.Runs;

namespace Pontual.Server.Checks;

/// <summary>Makes the keys of checks: 22 letters of base64url, 128 random bits.</summary>
internal static class CheckSecrets
{
    private const int Length = 22;

    public static CheckKeys New(IRandomBytes random) => new(One(random), One(random));

    /// <summary>Whether a text could be a key at all, so that nothing else is looked up.</summary>
    public static bool IsPlausible(string text) =>
        text.Length == Length && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static string One(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
