using System.CommandLine;
using System.Text.Json.Nodes;

namespace Pontual.Cli.Commands;

/// <summary>A limit's bounds as options. What they may be is judged by the server.</summary>
/// <param name="prefix">Goes before their names: <c>limit-</c> for a job's.</param>
internal sealed class LimitOptions(string prefix)
{
    private readonly Option<int?> _atOnce = new($"--{prefix}at-once")
    {
        Description = "Most runs active at once, over all nodes",
        HelpName = "N",
    };

    private readonly Option<string?> _rate = JobOptions.Text(
        $"--{prefix}rate",
        "Most starts in a period, such as 20/1m, over all nodes",
        "RATE"
    );

    private readonly Option<int?> _burst = new($"--{prefix}burst")
    {
        Description = "Starts of the rate that may come together (1 unless said)",
        HelpName = "N",
    };

    public IEnumerable<Option> All => [_atOnce, _rate, _burst];

    /// <summary>Writes what was given over a limit.</summary>
    /// <returns>Null when nothing was given.</returns>
    public JsonObject? Read(ParseResult parsed, JsonObject limit)
    {
        if (!All.Any(option => parsed.GetResult(option) is { Implicit: false }))
        {
            return null;
        }

        JobOptions.Set(limit, "at-once", parsed.GetValue(_atOnce));
        JobOptions.Set(limit, "rate", parsed.GetValue(_rate));
        JobOptions.Set(limit, "burst", parsed.GetValue(_burst));
        return limit;
    }
}
