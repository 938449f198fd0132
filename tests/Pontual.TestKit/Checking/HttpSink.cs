using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pontual.TestKit.Checking;

/// <summary>A target on loopback that notes every start and end it sees: the witness outside the product. Each call takes a random time.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private readonly Journal _journal;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly TimeSpan _longest;
    private readonly double _failing;
    private WebApplication? _app;

    private HttpSink(Journal journal, TimeProvider time, int seed, TimeSpan longest, double failing)
    {
        (_journal, _time, _random, _longest, _failing) = (journal, time, new Random(seed), longest, failing);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>What it saw so far, in the order of time.</summary>
    public IReadOnlyList<SinkStart> Starts => _journal.Starts;

    /// <summary>What it saw so far.</summary>
    public IReadOnlyList<SinkEnd> Ends => _journal.Ends;

    /// <param name="time">The clock it notes times by.</param>
    /// <param name="seed">Of its delays and failures.</param>
    /// <param name="longest">No call takes longer.</param>
    /// <param name="failing">The share of calls answered with 503.</param>
    /// <param name="journal">Gets what is seen; null for one of its own.</param>
    public static async Task<HttpSink> StartAsync(TimeProvider time, int seed, TimeSpan longest, double failing, Journal? journal = null)
    {
        var sink = new HttpSink(journal ?? new Journal(), time, seed, longest, failing);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        sink._app = builder.Build();
        sink._app.MapPost("/work", sink.WorkAsync);
        await sink._app.StartAsync();
        var addresses = sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        sink.Url = new Uri(addresses.Addresses.First());
        return sink;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private async Task WorkAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        var run = Guid.Parse(headers["X-Pontual-Run-Id"].ToString(), CultureInfo.InvariantCulture);
        var token = long.Parse(headers["X-Pontual-Token"].ToString(), CultureInfo.InvariantCulture);
        var due = DateTimeOffset.Parse(headers["X-Pontual-Scheduled-For"].ToString(), CultureInfo.InvariantCulture);
        var node = headers["X-Witness-Node"].ToString();
        var job = headers["X-Pontual-Job"].ToString();
        _journal.Add(new SinkStart(job, due, run, token, _time.GetUtcNow(), Node: node.Length > 0 ? node : null));
        var (delay, fails) = Draw();
        try
        {
            await Task.Delay(delay, _time, http.RequestAborted);
            http.Response.StatusCode = fails ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            _journal.Add(new SinkEnd(run, token, _time.GetUtcNow(), !fails));

            // The ledger keeps this number: it tells whose result was accepted.
            await http.Response.WriteAsync($"{{\"items_processed\": {token}}}", CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            _journal.Add(new SinkEnd(run, token, _time.GetUtcNow(), Succeeded: false, Broken: true));
        }
    }

    private (TimeSpan Delay, bool Fails) Draw()
    {
        lock (_random)
        {
            return (_longest * (_random.NextDouble() * _random.NextDouble()), _random.NextDouble() < _failing);
        }
    }
}
