using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Pontual.Server.Packs;

/// <summary>What an unquoted scalar means, by the core schema of YAML 1.2: <c>yes</c>, <c>on</c> and <c>09:30</c> are texts.</summary>
internal static partial class YamlScalar
{
    /// <returns>JSON for null, true, false or a number; null for a text.</returns>
    public static string? ToJson(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => "null",
            "true" or "True" or "TRUE" => "true",
            "false" or "False" or "FALSE" => "false",
            _ when text.Length > 100 => null,
            _ when JsonNumber().IsMatch(text) => text,
            _ when Whole().IsMatch(text) => BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(),
            _ when Octal().IsMatch(text) => text[2..].Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')).ToString(),
            _ when Hexadecimal().IsMatch(text) => BigInteger
                .Parse($"0{text[2..]}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                .ToString(),
            _ when Real().Match(text) is { Success: true } real => OfReal(real),
            _ => null,
        };

    private static string OfReal(Match real)
    {
        var sign = real.Groups["sign"].Value == "-" ? "-" : "";
        var whole = real.Groups["whole"].Value.TrimStart('0');
        var part = real.Groups["part"].Value;
        return $"{sign}{(whole.Length == 0 ? "0" : whole)}{(part.Length == 0 ? "" : $".{part}")}{real.Groups["power"].Value}";
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"\A[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A0o[0-7]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(
        @"\A(?<sign>[-+]?)(?=\.?[0-9])(?<whole>[0-9]*)(?:\.(?<part>[0-9]*))?(?<power>[eE][-+]?[0-9]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Real();
}
