using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual events</c>: what happens, as it happens.</summary>
internal static class EventsCommand
{
    private const int WaitSeconds = 25;
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl-C, over restarts of the server too" };
        var topics = new Option<string?>("--topics")
        {
            Description = "Only these: runs, jobs, nodes, queue, job:NAME …, with commas",
            HelpName = "TOPICS",
        };
        var after = new Option<long?>("--after")
        {
            Description = "What follows this cursor; else what happens from now on",
            HelpName = "CURSOR",
        };
        return new Command("events", "Print events: what happens to runs, jobs and nodes").Does(
            [follow, topics, after],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var query = session.Parsed.GetValue(topics) is { } some ? $"&topics={Uri.EscapeDataString(some)}" : "";
                var cursor = session.Parsed.GetValue(after);
                if (!session.Parsed.GetValue(follow))
                {
                    await PrintAsync(session, api, query, cursor, cancellation);
                    return ExitCode.Ok;
                }

                while (true)
                {
                    (cursor, _) = await AskAsync(session, api, query, cursor, WaitSeconds, cancellation);
                }
            }
        );
    }

    /// <summary>All there is now.</summary>
    private static async Task PrintAsync(Session session, ApiClient api, string query, long? cursor, CancellationToken cancellation)
    {
        for (var count = 1; count > 0; )
        {
            (cursor, count) = await AskAsync(session, api, query, cursor, 0, cancellation);
        }

        session.Screen.Note(string.Create(CultureInfo.InvariantCulture, $"Go on with --after {cursor}."));
    }

    private static async Task<(long? Cursor, int Count)> AskAsync(
        Session session,
        ApiClient api,
        string query,
        long? cursor,
        int wait,
        CancellationToken cancellation
    )
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"api/v1/events?limit=500&wait={wait}{(cursor is null ? "" : $"&after={cursor}")}{query}"
        );
        try
        {
            var page = await api.GetAsync(path, cancellation);
            var events = page.Items().ToList();
            events.ForEach(news => Print(session.Screen, news));
            return ((long?)page.Number("next_cursor") ?? cursor, events.Count);
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.Unreachable && wait > 0 && cursor is not null)
        {
            // It comes back, and nothing is missed: the cursor says from where on.
            await Task.Delay(TryAgain, TimeProvider.System, cancellation);
            return (cursor, 0);
        }
    }

    private static void Print(Screen screen, JsonElement news)
    {
        if (screen.Json)
        {
            Screen.Raw($"{JsonSerializer.Serialize(news, JsonLine)}\n");
            return;
        }

        var kind = news.Text("kind") ?? "";
        var state = kind[(kind.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var subject = news.Text("subject");
        var job = news.Text("job");
        var facts = news.Member("data") is { } data
            ? string.Join(
                "  ",
                data.EnumerateObject().Select(fact => $"{fact.Name}={fact.Value}").Select(fact => fact.ReplaceLineEndings(" "))
            )
            : "";
        screen.Line(
            $"[grey]{news.Text("cursor"), 8}[/]  {Words.Time(news.Instant("at"))}  [{Words.Colour(state)}]{Words.Escape(kind), -14}[/]  "
                + $"{Words.Escape(job is null || job == subject ? subject : $"{job} {subject}")}  [grey]{Words.Escape(facts)}[/]"
        );
    }

    private static readonly JsonSerializerOptions JsonLine = new() { Encoder = JsonText.Encoder };
}
