using System.Globalization;
using System.Net;
using Pontual.Engine.Checks;

namespace Pontual.Server.Checks;

/// <summary>A state in a word and a colour, for pages that show how things are.</summary>
/// <param name="Label">What it is about.</param>
/// <param name="Message">How that is.</param>
/// <param name="Color">By the name that badge services know.</param>
internal sealed record Badge(string Label, string Message, string Color)
{
    private const int LongestLabel = 60;

    public static Badge Of(Check check, DateTimeOffset now)
    {
        var state = check.StateAt(now);
        return new Badge(
            check.Name.Text.Length <= LongestLabel ? check.Name.Text : $"{check.Name.Text[..(LongestLabel - 1)]}…",
            CheckWords.Of(state),
            state switch
            {
                CheckState.Up or CheckState.Started => "brightgreen",
                CheckState.Late => "yellow",
                CheckState.Failing => "orange",
                CheckState.Down => "red",
                _ => "lightgrey",
            }
        );
    }

    /// <summary>It as a picture: two boxes, the label on grey and the message on its colour.</summary>
    public string Svg()
    {
        var (label, message) = (Width(Label) + 10, Width(Message) + 10);
        var name = WebUtility.HtmlEncode($"{Label}: {Message}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{label + message}" height="20" role="img" aria-label="{name}">
            <title>{name}</title>
            <clipPath id="r"><rect width="{label + message}" height="20" rx="3"/></clipPath>
            <g clip-path="url(#r)"><rect width="{label}" height="20" fill="#555"/><rect x="{label}" width="{message}" height="20" fill="{Hex}"/></g>
            <g fill="{Ink}" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
            <text x="{label / 2.0}" y="14" fill="#fff" textLength="{label - 10}" lengthAdjust="spacingAndGlyphs">{WebUtility.HtmlEncode(
                Label
            )}</text>
            <text x="{label + (message / 2.0)}" y="14" textLength="{message - 10}" lengthAdjust="spacingAndGlyphs">{WebUtility.HtmlEncode(
                Message
            )}</text>
            </g>
            </svg>
            """
        );
    }

    private string Hex =>
        Color switch
        {
            "brightgreen" => "#4c1",
            "yellow" => "#dfb317",
            "orange" => "#fe7d37",
            "red" => "#c8341f",
            _ => "#9f9f9f",
        };

    // Dark on what is light: white on yellow cannot be read.
    private string Ink => Color is "red" ? "#fff" : "#111";

    /// <summary>About what a text takes in 11-pixel Verdana: the picture names the width, so that it fits whatever font is there.</summary>
    private static int Width(string text) => (int)Math.Ceiling(text.Sum(WidthOf));

    private static double WidthOf(char letter) =>
        letter switch
        {
            'i' or 'j' or 'l' or '.' or '\'' => 3.9,
            'f' or 'r' or 't' or '-' => 4.8,
            'm' or 'w' => 10.2,
            '…' => 9.0,
            _ => 6.9,
        };
}
