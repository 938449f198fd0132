using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pontual.Server.Api;

namespace Pontual.Server.Realtime;

/// <summary>Events as a stream of server-sent events: the id of each is its cursor, so that browsers resume by themselves.</summary>
internal sealed class EventStream(HttpResponse response, Listener listener, Standing standing, RealtimePace pace, TimeProvider time)
{
    private readonly List<EventMessage> _taken = new(Listener.MostTaken);
    private long _sentAt = time.GetTimestamp();

    /// <summary>Where a client goes on: what its browser remembers counts more than the address.</summary>
    /// <returns>False when <c>Last-Event-ID</c> is no cursor.</returns>
    public static bool TryCursor(HttpRequest request, out long? after)
    {
        after = Query.EventCursor.Of(request);
        if (!request.Headers.TryGetValue("Last-Event-ID", out var last))
        {
            return true;
        }

        (after, var valid) = Query.EventCursor.Parse(last.ToString());
        return valid;
    }

    /// <summary>Streams until the client goes, may not listen any more, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await using var wake = cancellation.UnsafeRegister(static waiting => ((Listener)waiting!).Bell.Ring(), listener);
        try
        {
            await SendAsync($"retry: 2000\n{IdLine()}\n", cancellation);
            while (await StepAsync(cancellation)) { }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException) { }
    }

    /// <returns>Whether it goes on.</returns>
    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (!await listener.TakeAsync(_taken, cancellation))
        {
            await SendAsync("event: cursor-gone\ndata: {}\n\n", cancellation);
            return false;
        }

        if (_taken.Count > 0)
        {
            _taken.ForEach(Write);
            await FlushAsync(cancellation);
        }
        else if (time.GetElapsedTime(_sentAt) >= pace.Heartbeat)
        {
            await SendAsync($"{IdLine()}: heartbeat\n\n", cancellation);
        }

        if (!await standing.HoldsAsync())
        {
            return false;
        }

        if (_taken.Count == 0)
        {
            await listener.Bell.SleepAsync();
        }

        return !cancellation.IsCancellationRequested;
    }

    private string IdLine() => string.Create(CultureInfo.InvariantCulture, $"id: {listener.Cursor}\n");

    private void Write(EventMessage message)
    {
        var writer = response.BodyWriter;
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {message.Cursor}\ndata: "), writer);
        writer.Write(message.Json);
        writer.Write("\n\n"u8);
    }

    private Task SendAsync(string text, CancellationToken cancellation)
    {
        Encoding.UTF8.GetBytes(text, response.BodyWriter);
        return FlushAsync(cancellation);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await response.BodyWriter.FlushAsync(cancellation);
        _sentAt = time.GetTimestamp();
    }
}
