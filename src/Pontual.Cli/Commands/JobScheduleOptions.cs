using System.CommandLine;
using System.Text.Json.Nodes;
using static Pontual.Cli.Commands.JobOptions;

namespace Pontual.Cli.Commands;

/// <summary>The keys of a job's schedule as options.</summary>
internal sealed class JobScheduleOptions
{
    private readonly (string Key, Option<string?> Option)[] _kinds =
    [
        (
            "cron",
            Text("--cron", "When it is due, as a cron expression; also @daily, '@every 90s' or @reboot (at each start)", "EXPRESSION")
        ),
        ("every", Text("--every", "When it is due, as a period such as 30s or 12h", "DURATION")),
        ("delay", Text("--delay", "Due so long after the end of the run before", "DURATION")),
        ("at", Text("--at", "When it is due, once", "TIME")),
    ];

    private readonly (string Key, Option<string?> Option)[] _plain =
    [
        ("zone", Text("--zone", "The zone of its times and calendars (America/Sao_Paulo unless said)", "ZONE")),
        ("dialect", Text("--dialect", "The grammar of --cron: pontual, crontab or quartz", "DIALECT")),
        ("start", Text("--start", "The first time it may be due: a date, a local time or an instant", "TIME")),
        ("end", Text("--end", "The last time it may be due; a date means all of that day", "TIME")),
        ("jitter", Text("--jitter", "Spreads due times by up to so much", "DURATION")),
        ("shift", Text("--shift", "Moves days off: next-business-day or previous-business-day", "WAY")),
    ];

    private readonly (string Key, Option<string[]> Option)[] _calendars =
    [
        ("only", Calendars("--only", "Runs only inside this calendar, such as weekdays; may be repeated")),
        ("except", Calendars("--except", "Does not run inside this calendar, such as br; may be repeated")),
    ];

    public IEnumerable<Option> All =>
        [.. _kinds.Select(kind => kind.Option), .. _plain.Select(plain => plain.Option), .. _calendars.Select(plain => plain.Option)];

    /// <summary>The schedule that was given: a new one where a kind is, else changes of the job's own; null when none was.</summary>
    public JsonObject? Write(JsonObject job, ParseResult parsed)
    {
        var kinds = _kinds.Where(kind => parsed.GetValue(kind.Option) is not null).ToList();
        if (kinds.Count > 1)
        {
            throw CommandFailure.Usage("give one of --cron, --every, --delay and --at.");
        }

        JsonObject schedule = [];
        if (kinds.Count == 1)
        {
            schedule[kinds[0].Key] = parsed.GetValue(kinds[0].Option);
        }
        else if (_plain.Any(plain => parsed.GetValue(plain.Option) is not null) || _calendars.Any(Given))
        {
            schedule =
                job["schedule"]?.DeepClone() as JsonObject
                ?? throw CommandFailure.Usage("give the schedule itself too: --cron, --every, --delay or --at.");
        }
        else
        {
            return null;
        }

        foreach (var (key, option) in _plain)
        {
            Set(schedule, key, parsed.GetValue(option));
        }

        foreach (var (key, option) in _calendars.Where(Given))
        {
            schedule[key] = new JsonArray([.. parsed.GetValue(option)!.Select(name => (JsonNode)name)]);
        }

        return schedule;

        bool Given((string Key, Option<string[]> Option) calendars) => parsed.GetValue(calendars.Option) is { Length: > 0 };
    }

    private static Option<string[]> Calendars(string name, string description) =>
        new(name) { Description = description, HelpName = "CALENDAR" };
}
