using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Pontual.Engine.Clocks;

namespace Pontual.Cli.Commands;

/// <summary>Options of <c>serve</c>, as keys of the <c>server:</c> section.</summary>
internal sealed class ServeOptions
{
    public Option<string?> Config { get; } =
        new("--config") { Description = "The configuration file (pontual.yaml in this folder, when it is there)", HelpName = "FILE" };

    private readonly Option<string[]> _role = new("--role")
    {
        Description = "What this node does: all, or any of api, scheduler, worker (else RUN_MODE)",
        HelpName = "ROLE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _pack = new("--pack")
    {
        Description = "A file of jobs to apply at start; may be repeated",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _urls = new("--urls")
    {
        Description = "Where to listen (http://127.0.0.1:8080 unless said; port 0 takes a free one)",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<int?> Speed { get; } =
        new("--speed")
        {
            Description =
                "TEST MODE, at the first start of a fresh database: due times go N times as fast as real time (1 to 3600); leases, timeouts and retries stay real",
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (
                    !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var speed)
                    || speed is < 1 or > ScheduleClock.TopSpeed
                )
                {
                    result.AddError($"--speed '{text}' is not a whole number from 1 to {ScheduleClock.TopSpeed}.");
                }

                return speed;
            },
        };

    public Option<DateTimeOffset?> Origin { get; } =
        new("--from")
        {
            Description =
                "With --speed: the time it is by the schedules at that first start, such as 2026-03-09T23:55:00-03:00 (now unless said)",
            HelpName = "TIME",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from))
                {
                    result.AddError($"--from '{text}' is not a time: write it as 2026-03-09T23:55:00-03:00.");
                }

                return from;
            },
        };

    public IEnumerable<Option> All => [Config, _role, _pack, _urls, Speed, Origin];

    /// <summary>What was given.</summary>
    public JsonObject Given(ParseResult parsed)
    {
        var given = new JsonObject();
        Add("role", Parts(parsed.GetValue(_role)));
        Add("packs", parsed.GetValue(_pack));
        Add("urls", Parts(parsed.GetValue(_urls)));
        if (parsed.GetValue(GlobalOptions.Data) is { } data)
        {
            given["data"] = data;
        }

        if (parsed.GetValue(GlobalOptions.Postgres) is { } postgres)
        {
            given["postgres"] = postgres;
        }

        return given;

        void Add(string key, IReadOnlyCollection<string>? texts)
        {
            if (texts is { Count: > 0 })
            {
                given[key] = new JsonArray([.. texts.Select(text => (JsonNode)text)]);
            }
        }
    }

    /// <summary>"api,worker" and "http://a;http://b" are lists too.</summary>
    private static string[]? Parts(string[]? texts) =>
        texts?.SelectMany(text => text.Split([',', ';'], StringSplitOptions.TrimEntries)).ToArray();
}
