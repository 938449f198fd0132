using System.CommandLine;
using System.Text.Json.Nodes;

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

    public IEnumerable<Option> All => [Config, _role, _pack, _urls];

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
