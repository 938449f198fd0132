using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace Pontual.EndToEnd.Tests.Webhooks;

/// <summary>Sends webhooks as Evolution does, so many a second, and tries again what was not taken: until the answer is 2xx, whatever becomes of the server.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int Workers = 64;

    /// <summary>Every so many webhooks one comes a second time, as gateways do.</summary>
    private const int TwiceEvery = 10;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>A program that has just started compiles its code while it answers.</summary>
    private static readonly TimeSpan StartTakes = TimeSpan.FromSeconds(3);

    private readonly ConcurrentBag<double> _answers = [];
    private readonly ConcurrentBag<double> _answersAfterKills = [];
    private readonly ConcurrentBag<double> _taken = [];
    private int _again;

    private volatile Place? _server;

    /// <summary>A server answers there from now on.</summary>
    public void GoTo(Uri server) => _server = new Place(server, Stopwatch.GetTimestamp(), IsFirst: _server is null);

    /// <summary>Webhooks that were answered 2xx.</summary>
    public int Taken => _taken.Count;

    /// <summary>How often one was sent again because it was not answered 2xx.</summary>
    public int Again => _again;

    /// <summary>Milliseconds until a 2xx, of requests that got one, by percentile: of the first server, once it has run for some seconds.</summary>
    public double AnswersAt(double share) => At(_answers, share);

    /// <summary>The same of those that came after a kill, and have to work off what waited.</summary>
    public double AnswersAfterKillsAt(double share) => At(_answersAfterKills, share);

    /// <summary>Milliseconds from when a webhook was due until it was taken, also where the server was gone meanwhile.</summary>
    public double TakenAt(double share) => At(_taken, share);

    /// <summary>The message of a webhook: two webhooks have the same now and then.</summary>
    public static string MessageOf(int number) => $"3EB0{(number % TwiceEvery == 1 ? number - 1 : number):D8}";

    /// <summary>Sends webhooks of numbers from 0 on.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> SendAsync(string key, int aSecond, TimeSpan length)
    {
        var (clock, next, count) = (Stopwatch.StartNew(), -1, (int)(aSecond * length.TotalSeconds));
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));
        return count;

        async Task WorkAsync()
        {
            for (int number; (number = Interlocked.Increment(ref next)) < count; )
            {
                var due = TimeSpan.FromSeconds((double)number / aSecond);
                if (due > clock.Elapsed)
                {
                    await Task.Delay(due - clock.Elapsed, TimeProvider.System);
                }

                while (!await TryAsync(key, number))
                {
                    Interlocked.Increment(ref _again);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                }

                _taken.Add((clock.Elapsed - due).TotalMilliseconds);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TryAsync(string key, int number)
    {
        if (_server is not { } server)
        {
            return false;
        }

        var clock = Stopwatch.StartNew();
        try
        {
            using var body = new StringContent(BodyOf(number), Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(new Uri(server.Url, $"webhooks/{key}"), body);
            if (answer.StatusCode is HttpStatusCode.OK)
            {
                Note(server, clock.Elapsed.TotalMilliseconds);
                return true;
            }

            return false;
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Note(Place server, double milliseconds)
    {
        if (!server.IsFirst)
        {
            _answersAfterKills.Add(milliseconds);
        }
        else if (Stopwatch.GetElapsedTime(server.Since) >= StartTakes)
        {
            _answers.Add(milliseconds);
        }
    }

    private static string BodyOf(int number) =>
        $$$"""
            {"event":"messages.upsert","instance":"sales","sequence":{{{number}}},"data":{
             "key":{"remoteJid":"55119{{{number % 500:D8}}}@s.whatsapp.net","fromMe":false,"id":"{{{MessageOf(
                number
            )}}}","participant":null},
             "pushName":"Ana","status":"DELIVERY_ACK","message":{"conversation":"message {{{number}}}"},
             "messageType":"conversation","messageTimestamp":{{{1767225600 + number}}},"instanceId":"0a1b2c3d","source":"android"},
             "destination":"https://example.com/hook","date_time":"2026-01-01T09:00:00.000Z","server_url":"http://localhost:8080","apikey":null}
            """;

    private static double At(ConcurrentBag<double> times, double share)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
    }

    /// <summary>Where a server answers, since when, and whether none was killed before it.</summary>
    private sealed record Place(Uri Url, long Since, bool IsFirst);
}
