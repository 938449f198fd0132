using Pontual.Engine.Circuits;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;

namespace Pontual.Server.Packs;

/// <summary>Reads <c>outbound-rates: { api.example.com: 20/1s, evolution: 10/1m }</c>.</summary>
internal static class OutboundRates
{
    /// <returns>Rates by host or service; null when nothing is said of them.</returns>
    public static Dictionary<string, Rate>? Read(DocumentObject section, ICollection<DocumentProblem> problems)
    {
        const string Key = "outbound-rates";
        if (section.Get(Key) is not { } json || DocumentObject.Open(json, section.PathOf(Key), problems) is not { } given)
        {
            return null;
        }

        var rates = new Dictionary<string, Rate>(StringComparer.OrdinalIgnoreCase);
        foreach (var place in given.Keys)
        {
            if (place.Length is 0 or > CircuitKey.LongestName || place.AsSpan().ContainsAny("/ @") || place.Any(char.IsControl))
            {
                given.Report(
                    place,
                    "host",
                    $"{DocumentText.Quote(place)} is neither a host nor the name of a service",
                    "write the host alone, and its port where that is not the usual one: api.example.com, or localhost:8080"
                );
            }
            else if (given.Text(place, 50, Rate.Rule) is { } text)
            {
                if (!Rate.TryParse(text, out var rate))
                {
                    given.Report(place, "rate", $"{DocumentText.Quote(text)} is not a rate", "write calls per period, such as 20/1s");
                }

                rates[place] = rate;
            }
        }

        return rates;
    }
}
