using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pontual.Cli.Commands;

/// <summary>What <c>calendar put</c> makes a calendar of.</summary>
internal sealed class CalendarOptions
{
    private readonly Option<string?> _file = Text(
        "--file",
        "A JSON file with the calendar, as 'calendar show' writes it; - for standard input",
        "FILE"
    );
    private readonly Option<string?> _ical = Text("--ical", "An iCalendar file (.ics)", "FILE");
    private readonly Option<string?> _holidays = Text("--holidays", "br, or br-SP for those of a state too", "br[-STATE]");
    private readonly Option<string[]> _dates = Texts("--date", "2026-12-24, 12-31, 2026-12-28..2027-01-02 or 05-SUN#2", "DATE");
    private readonly Option<string[]> _weekdays = Texts("--weekday", "SAT, SUN or MON-FRI", "DAYS");
    private readonly Option<string[]> _hours = Texts("--hours", "mon-fri=08:00-12:00,14:00-18:00", "DAYS=HOURS");
    private readonly Option<string[]> _windows = Texts("--window", "2026-11-22T01:00..2026-11-22T05:00", "FROM..TO");
    private readonly Option<string?> _zone = Text("--zone", "Whose clocks; those of the job's schedule unless said", "ZONE");
    private readonly Option<string?> _description = Text("--description", "One line for people", "TEXT");

    public IEnumerable<Option> All => [_file, _ical, _holidays, _dates, _weekdays, _hours, _windows, _zone, _description];

    public async Task<JsonObject> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var body = parsed.GetValue(_file) is { } file ? await JsonOfAsync(file, cancellation) : [];
        Set(body, "description", parsed.GetValue(_description));
        Set(body, "zone", parsed.GetValue(_zone));
        if (parsed.GetValue(_holidays)?.Split('-', 2) is [var country, .. var state])
        {
            body["holidays"] = new JsonObject { ["country"] = country };
            Set(body["holidays"]!.AsObject(), "state", state is [var letters] ? letters : null);
        }

        Set(body, "dates", parsed.GetValue(_dates));
        Set(body, "weekdays", parsed.GetValue(_weekdays));
        foreach (var hours in parsed.GetValue(_hours) ?? [])
        {
            var (days, stretches) = Parts(hours, "=", "--hours");
            body["hours"] ??= new JsonObject();
            body["hours"]![days] = stretches;
        }

        foreach (var window in parsed.GetValue(_windows) ?? [])
        {
            var (from, to) = Parts(window, "..", "--window");
            body["windows"] ??= new JsonArray();
            body["windows"]!.AsArray().Add(new JsonObject { ["from"] = from, ["to"] = to });
        }

        if (parsed.GetValue(_ical) is { } ical)
        {
            body["ical"] = await File.ReadAllTextAsync(ical, cancellation);
        }

        return body;
    }

    private static async Task<JsonObject> JsonOfAsync(string file, CancellationToken cancellation)
    {
        var text = file == "-" ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(file, cancellation);
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw CommandFailure.Usage($"{file}: the file holds no JSON object.");
        }
        catch (JsonException broken)
        {
            throw CommandFailure.Usage($"{file}: {broken.Message}");
        }
    }

    private static void Set(JsonObject body, string key, string? value)
    {
        if (value is not null)
        {
            body[key] = value;
        }
    }

    private static void Set(JsonObject body, string key, string[]? values)
    {
        if (values is { Length: > 0 })
        {
            body[key] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }
    }

    private static (string First, string Second) Parts(string text, string mark, string option)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at > 0 ? (text[..at], text[(at + mark.Length)..]) : throw CommandFailure.Usage($"{option} '{text}' has no '{mark}'.");
    }

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static Option<string[]> Texts(string name, string description, string value) =>
        new(name) { Description = $"{description}; may be repeated", HelpName = value };
}
