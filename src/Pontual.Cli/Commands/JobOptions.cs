using System.CommandLine;
using System.Text.Json.Nodes;

namespace Pontual.Cli.Commands;

/// <summary>A job's keys as options of <c>job create</c> and <c>job edit</c>. What a value may be is judged by the server, in one place for all ways in.</summary>
internal sealed class JobOptions
{
    private readonly JobScheduleOptions _schedule = new();
    private readonly Option<string?> _http = Text("--http", "Call this address", "URL");
    private readonly Option<string?> _method = Text("--method", "The method of --http", "METHOD");
    private readonly Option<string[]> _header = new("--header")
    {
        Description = "A header of --http, as 'Name: value'; may be repeated",
        HelpName = "HEADER",
    };
    private readonly Option<string?> _body = Text("--body", "The body of --http: JSON or text", "BODY");
    private readonly Option<string?> _command = Text("--command", "Run this command line", "COMMAND");
    private readonly Option<string?> _folder = Text("--cwd", "The working folder of --command", "DIR");
    private readonly Option<string?> _sql = Text("--sql", "Run this statement on a PostgreSQL", "STATEMENT");
    private readonly Option<string?> _connection = Text(
        "--connection",
        "Where --sql runs, unless on the server's own PostgreSQL",
        "CONNECTION"
    );
    private readonly Option<string?> _handler = Text("--handler", "Call this handler of the server's own", "NAME");
    private readonly Option<int?> _attempts = new("--retry") { Description = "Attempts in all", HelpName = "N" };
    private readonly Option<string?> _backoff = Text("--backoff", "Wait between attempts, as SHORTEST..LONGEST", "RANGE");
    private readonly Option<bool?> _critical = new("--critical")
    {
        Description = "Whether the system is critical when this job is",
        HelpName = "true|false",
    };
    private readonly Option<int?> _priority = new("--priority") { Description = "-10 (last) to 10 (first)", HelpName = "N" };
    private readonly Option<int?> _concurrency = new("--concurrency")
    {
        Description = "Most runs at once under --overlap allow",
        HelpName = "N",
    };

    private readonly Option<string?> _limitKey = Text(
        "--limit-key",
        "What its runs are limited by, such as chip-{{parameters.chip}}",
        "KEY"
    );
    private readonly LimitOptions _limit = new("limit-");

    /// <summary>Keys that are texts in the document too.</summary>
    private readonly (string Key, Option<string?> Option)[] _plain =
    [
        ("description", Text("--description", "One line for people", "TEXT")),
        ("timeout", Text("--timeout", "Longest time for one attempt (300s unless said)", "DURATION")),
        ("overlap", Text("--overlap", "skip, buffer-one, buffer-all, cancel-running or allow", "POLICY")),
        ("catch-up", Text("--catch-up", "none, latest or all", "POLICY")),
        ("sla", Text("--sla", "auto, or the longest time from due to start", "DURATION")),
        ("queue", Text("--queue", "The lane its runs wait in", "NAME")),
        ("log", Text("--log", "A log file of its own", "FILE")),
    ];

    public IEnumerable<Option> All =>
        [
            .. _schedule.All,
            _http,
            _method,
            _header,
            _body,
            _command,
            _folder,
            _sql,
            _connection,
            _handler,
            _attempts,
            _backoff,
            _critical,
            _priority,
            _concurrency,
            _limitKey,
            .. _limit.All,
            .. _plain.Select(plain => plain.Option),
        ];

    /// <summary>Whether any was given.</summary>
    public bool AnyGiven(ParseResult parsed) => All.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>Writes what was given over a job's document.</summary>
    public void WriteTo(JsonObject job, ParseResult parsed)
    {
        Set(job, "schedule", _schedule.Write(job, parsed));
        Set(job, "target", Target(job, parsed));
        foreach (var (key, option) in _plain)
        {
            Set(job, key, parsed.GetValue(option));
        }

        if (parsed.GetValue(_attempts) is not null || parsed.GetValue(_backoff) is not null)
        {
            var retry = job["retry"]?.DeepClone() as JsonObject ?? [];
            Set(retry, "attempts", parsed.GetValue(_attempts));
            Set(retry, "backoff", parsed.GetValue(_backoff));
            job["retry"] = retry;
        }

        Set(job, "critical", parsed.GetValue(_critical));
        Set(job, "priority", parsed.GetValue(_priority));
        Set(job, "concurrency", parsed.GetValue(_concurrency));
        var limit = job["limit"]?.DeepClone() as JsonObject ?? [];
        Set(limit, "key", parsed.GetValue(_limitKey));
        if (_limit.Read(parsed, limit) is not null || parsed.GetValue(_limitKey) is not null)
        {
            job["limit"] = limit;
        }
    }

    private JsonObject? Target(JsonObject job, ParseResult parsed)
    {
        var kinds = ((string Kind, string Key, string? Value)[])
            [
                ("http", "url", parsed.GetValue(_http)),
                ("process", "command", parsed.GetValue(_command)),
                ("sql", "statement", parsed.GetValue(_sql)),
                ("handler", "name", parsed.GetValue(_handler)),
            ];
        var given = kinds.Where(kind => kind.Value is not null).ToList();
        if (given.Count > 1)
        {
            throw CommandFailure.Usage("give one of --http, --command, --sql and --handler.");
        }

        var kind = given.Count == 1 ? given[0].Kind : ((job["target"] as JsonObject)?.FirstOrDefault().Key ?? "");
        var settings = job["target"]?[kind]?.DeepClone() as JsonObject ?? [];
        var before = settings.ToJsonString();
        if (given.Count == 1)
        {
            settings[given[0].Key] = given[0].Value;
        }

        SetFor("http", "method", _method, parsed.GetValue(_method));
        SetFor("http", "headers", _header, Headers(parsed.GetValue(_header)));
        SetFor("http", "body", _body, Body(parsed.GetValue(_body)));
        SetFor("process", "cwd", _folder, parsed.GetValue(_folder));
        SetFor("sql", "connection", _connection, parsed.GetValue(_connection));
        return settings.ToJsonString() == before ? null : new JsonObject { [kind] = settings };

        void SetFor(string needed, string key, Option option, JsonNode? value)
        {
            if (value is null)
            {
                return;
            }

            settings[key] =
                kind == needed
                    ? value
                    : throw CommandFailure.Usage($"{option.Name} goes with --{(needed == "process" ? "command" : needed)}.");
        }
    }

    private static JsonObject? Headers(string[]? written)
    {
        if (written is not { Length: > 0 })
        {
            return null;
        }

        var headers = new JsonObject();
        foreach (var text in written)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            headers[colon > 0 ? text[..colon].Trim() : throw CommandFailure.Usage($"--header '{text}' is not 'Name: value'.")] = text[
                (colon + 1)..
            ]
                .Trim();
        }

        return headers;
    }

    private static JsonNode? Body(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    internal static void Set(JsonObject json, string key, JsonNode? value)
    {
        if (value is not null)
        {
            json[key] = value;
        }
    }

    internal static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
