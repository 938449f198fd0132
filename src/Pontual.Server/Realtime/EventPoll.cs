using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pontual.Server.Realtime;

/// <summary>A page of events as it goes out.</summary>
internal sealed class EventPoll(IReadOnlyList<EventMessage> items, long next) : IResult
{
    /// <summary>Takes what there is, and where there is nothing waits for the first of it.</summary>
    /// <returns>Null when what followed the cursor is not kept any more.</returns>
    public static async Task<EventPoll?> WaitAsync(
        Listener listener,
        TimeSpan wait,
        int limit,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var (began, items, taken) = (time.GetTimestamp(), new List<EventMessage>(), new List<EventMessage>());
        await using var timer = time.CreateTimer(static bell => ((Bell)bell!).Ring(), listener.Bell, wait, Timeout.InfiniteTimeSpan);
        await using var wake = cancellation.UnsafeRegister(static bell => ((Bell)bell!).Ring(), listener.Bell);
        while (true)
        {
            if (!await listener.TakeAsync(taken, cancellation))
            {
                return items.Count > 0 ? new EventPoll(items, items[^1].Cursor) : null;
            }

            items.AddRange(taken);
            if (items.Count >= limit)
            {
                // What was taken too much is taken again with the next page.
                items.RemoveRange(limit, items.Count - limit);
                return new EventPoll(items, items[^1].Cursor);
            }

            if (taken.Count == 0)
            {
                if (items.Count > 0 || time.GetElapsedTime(began) >= wait || cancellation.IsCancellationRequested)
                {
                    return new EventPoll(items, listener.Cursor);
                }

                await listener.Bell.SleepAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        var writer = response.BodyWriter;
        writer.Write("{\"items\":["u8);
        for (var index = 0; index < items.Count; index++)
        {
            writer.Write(index == 0 ? ""u8 : ","u8);
            writer.Write(items[index].Json);
        }

        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"],\"next_cursor\":{next}}}"), writer);
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}

/// <summary>What long polling answers.</summary>
/// <param name="Items">Events, oldest first; none when nothing happened in time.</param>
/// <param name="NextCursor">Hand it in as <c>after</c> next time.</param>
internal sealed record EventPage(IReadOnlyList<EventView> Items, long NextCursor);

/// <summary>An event.</summary>
/// <param name="Cursor">Its place in the log.</param>
/// <param name="At">When it happened.</param>
/// <param name="Topic">What it can be subscribed to by.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">To what: the id of a run or node, the name of a job or queue.</param>
/// <param name="Job">The job it is about; null for none.</param>
/// <param name="Data">What else there is to say.</param>
internal sealed record EventView(long Cursor, DateTimeOffset At, string Topic, string Kind, string Subject, string? Job, JsonObject Data);
