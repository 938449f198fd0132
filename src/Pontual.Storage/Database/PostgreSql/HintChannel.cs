using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pontual.Engine.Pacing;
using Pontual.Engine.Runs;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>Carries hints between the nodes of one database by LISTEN and NOTIFY: one connection listens, outside of the pool.</summary>
/// <remarks>
/// Nothing depends on it: what is lost is found by the polls. It costs a system of one node nothing, for who has heard of no other node tells nobody,
/// and a loaded one little, for hints are sent after their commit, one at a time, and gather meanwhile. (NOTIFY takes a lock of the whole database
/// server at its commit: it has no place in the transactions that do the work.) Payloads: "hello NODE", "look NODE HINTS", "bye NODE".
/// A node hears its own hellos: when it does not, it is deaf, and listens anew.
/// </remarks>
internal sealed class HintChannel : BackgroundService
{
    /// <summary>Who tells when a program outside does, by the database's own functions: nobody who could be told anything.</summary>
    private const string NoNode = "-";

    private static readonly TimeSpan HelloEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan DeafAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgainAfterDeaf = TimeSpan.FromSeconds(60);

    // What is told within this time of the last sending goes together.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(2);

    private readonly PostgreSqlDatabase _database;
    private readonly Signals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger<HintChannel> _logger;
    private readonly Backoff _backoff;
    private readonly OtherNodes _others;
    private readonly string _channel;
    private readonly string _self;
    private readonly Channel<bool> _toSend = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private int _hints;
    private int _hello;
    private volatile bool _heardSelf;

    public HintChannel(PostgreSqlDatabase database, Signals signals, IRandomBytes random, TimeProvider time, ILogger<HintChannel> logger)
    {
        (_database, _signals, _time, _logger) = (database, signals, time, logger);
        _backoff = new Backoff(random);
        _others = new OtherNodes(time);
        _channel = $"pontual:{database.Settings.SearchPath}";
        Span<byte> letters = stackalloc byte[6];
        random.Fill(letters);
        _self = Convert.ToHexStringLower(letters);
    }

    /// <summary>Whether notifications come through now.</summary>
    public bool Works => _heardSelf;

    /// <summary>Whether there is a node to tell anything.</summary>
    public bool KnowsOthers => _heardSelf && _others.Any;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_database.IsPooled)
        {
            return;
        }

        await Task.Yield();
        _signals.Carrier = Tell;
        try
        {
            await Task.WhenAll(ListenAsync(stoppingToken), SendAsync(stoppingToken), SayHelloAsync(stoppingToken));
        }
        finally
        {
            _signals.Carrier = null;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_heardSelf && _others.Any)
        {
            await NotifyAsync($"bye {_self}", cancellationToken);
        }
    }

    private void Tell(Hint hint)
    {
        if (_others.Any)
        {
            Interlocked.Or(ref _hints, (int)hint);
            _toSend.Writer.TryWrite(true);
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        for (var tries = 1; !cancellation.IsCancellationRequested; tries++)
        {
            var wait = _backoff.AfterLoss(tries);
            try
            {
                tries = await ListenOnceAsync(cancellation) ? 0 : tries;
                if (tries > 0)
                {
                    _logger.NotificationsDoNotCome(_database.Place);
                    wait = TryAgainAfterDeaf;
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or IOException)
            {
                tries = _heardSelf ? 0 : tries;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }

            _heardSelf = false;
            await Task.Delay(wait, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>After the connection went silent: whether it had ever brought anything.</returns>
    private async Task<bool> ListenOnceAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(_database.Settings.Single("hints"));
        await using var connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, news) => Heard(news.Payload);
        await HintStore.ListenAsync(connection, _channel, cancellation);
        SayHello();

        // What was told while nobody listened here is found now.
        _signals.Heard(Hint.All);
        while (await connection.WaitAsync(DeafAfter, cancellation)) { }

        return _heardSelf;
    }

    private void Heard(string payload)
    {
        var words = payload.Split(' ');
        if (words.Length < 2)
        {
            return;
        }

        var (kind, node) = (words[0], words[1]);
        if (node == _self)
        {
            _heardSelf = true;
        }
        else if (kind == "bye")
        {
            _others.Left(node);
        }
        else
        {
            if (node != NoNode && _others.Seen(node))
            {
                SayHello();
            }

            if (kind == "look" && words is [_, _, var hints] && int.TryParse(hints, out var bits))
            {
                _signals.Heard((Hint)bits & Hint.All);
            }
        }
    }

    private void SayHello()
    {
        Volatile.Write(ref _hello, 1);
        _toSend.Writer.TryWrite(true);
    }

    private async Task SayHelloAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(HelloEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                SayHello();
            }
        }
        catch (OperationCanceledException) { }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await _toSend.Reader.ReadAsync(cancellation);
                var (hints, hello) = (Interlocked.Exchange(ref _hints, 0), Interlocked.Exchange(ref _hello, 0));
                if (hints > 0)
                {
                    await NotifyAsync($"look {_self} {hints}", cancellation);
                }

                if (hello > 0)
                {
                    await NotifyAsync($"hello {_self}", cancellation);
                }

                await Task.Delay(Spacing, _time, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { }
        }
    }

    private async Task NotifyAsync(string payload, CancellationToken cancellation)
    {
        try
        {
            await HintStore.NotifyAsync(_database, _channel, payload, cancellation);
        }
        catch (DatabaseException)
        {
            // The database itself says that it is away; others find by their polls what they were not told.
        }
    }
}
