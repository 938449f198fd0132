using System.CommandLine;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual calendar …</c>: defines calendars and shows what they cover.</summary>
internal static class CalendarCommands
{
    public static Command Create() =>
        CommandActions.Group("calendar", "Define calendars and see what they cover", List(), Show(), Put(), Delete(), Days());

    private static Command List() =>
        new Command("list", "List calendars; those built in (br, br-SP, weekends, weekdays) are not listed").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var calendars = await api.GetAsync("api/v1/calendars", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(calendars);
                    return ExitCode.Ok;
                }

                var rows = calendars
                    .Items()
                    .Select(calendar =>
                        new[]
                        {
                            Words.Escape(calendar.Text("name")),
                            Words.Escape(string.Join(", ", calendar.EnumerateObject().Select(key => key.Name).Intersect(Contents))),
                            Words.Time(calendar.Instant("updated_at")),
                            Words.Escape(calendar.Text("description") ?? ""),
                        }
                    );
                session.Screen.Table(["NAME", "COVERS", "CHANGED", "DESCRIPTION"], rows);
                return ExitCode.Ok;
            }
        );

    private static readonly string[] Contents = ["holidays", "dates", "weekdays", "hours", "windows", "ical"];

    private static Command Show()
    {
        var name = Name();
        return new Command("show", "Show a calendar's definition").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                Screen.Write(await api.GetAsync(PathOf(session.Parsed.GetValue(name)!), cancellation));
                return ExitCode.Ok;
            }
        );
    }

    private static Command Put()
    {
        var name = Name();
        var options = new CalendarOptions();
        return new Command("put", "Define or replace a calendar; jobs that name it go by it from their next planning on").Does(
            [name, .. options.All],
            async (session, cancellation) =>
            {
                var body = await options.ReadAsync(session.Parsed, cancellation);
                var api = await session.ConnectOrOpenAsync(mayCreate: true, cancellation);
                var calendar = await api.SendAsync(HttpMethod.Put, PathOf(session.Parsed.GetValue(name)!), body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(calendar);
                }
                else
                {
                    session.Screen.Note($"Calendar {calendar.Text("name")} is at revision {calendar.GetProperty("revision")}.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Delete()
    {
        var name = Name();
        return new Command("delete", "Remove a calendar that no job names").Does(
            [name],
            async (session, cancellation) =>
            {
                var calendar = session.Parsed.GetValue(name)!;
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                await api.SendAsync(HttpMethod.Delete, PathOf(calendar), null, cancellation);
                session.Screen.Note($"Calendar {calendar} is removed.");
                return ExitCode.Ok;
            }
        );
    }

    private static Command Days()
    {
        var name = Name();
        var from = new Option<string?>("--from") { Description = "First day; today unless said", HelpName = "DAY" };
        var to = new Option<string?>("--to") { Description = "Last day; a year on unless said", HelpName = "DAY" };
        return new Command("days", "Show the days and windows a calendar covers").Does(
            [name, from, to],
            async (session, cancellation) =>
            {
                var query = new[] { ("from", session.Parsed.GetValue(from)), ("to", session.Parsed.GetValue(to)) }
                    .Where(pair => pair.Item2 is not null)
                    .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}");
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var covered = await api.GetAsync($"{PathOf(session.Parsed.GetValue(name)!)}/days?{string.Join('&', query)}", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(covered);
                    return ExitCode.Ok;
                }

                var days = covered
                    .GetProperty("days")
                    .EnumerateArray()
                    .Select(day => new[] { Words.Escape(day.Text("date")), "", Words.Escape(day.Text("name") ?? "") });
                var windows = covered
                    .GetProperty("windows")
                    .EnumerateArray()
                    .Select(window =>
                        new[]
                        {
                            Words.Escape(window.Text("from")),
                            Words.Escape(window.Text("to")),
                            Words.Escape(window.Text("name") ?? ""),
                        }
                    );
                session.Screen.Table(["DAY OR FROM", "TO", "NAME"], days.Concat(windows).OrderBy(row => row[0], StringComparer.Ordinal));
                return ExitCode.Ok;
            }
        );
    }

    private static Argument<string> Name() => new("name") { Description = "The calendar's name" };

    private static string PathOf(string name) => $"api/v1/calendars/{Uri.EscapeDataString(name)}";
}
