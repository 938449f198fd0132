using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pontual.TestKit.Checking;

/// <summary>Notes what process targets do: each holds a connection to it for as long as anything of it lives, so that its death is seen from outside.</summary>
public sealed class ProcessSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Journal _journal;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly TimeSpan _longest;
    private readonly Task _accepting;

    /// <param name="journal">Gets what is seen.</param>
    /// <param name="time">The clock of what is noted.</param>
    /// <param name="seed">Of the times that targets are told to take.</param>
    /// <param name="longest">None takes longer.</param>
    public ProcessSink(Journal journal, TimeProvider time, int seed, TimeSpan longest)
    {
        (_journal, _time, _random, _longest) = (journal, time, new Random(seed), longest);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    /// <summary>What a process target runs: bash, for its connections.</summary>
    public string Script =>
        $$"""
            exec 3<>/dev/tcp/127.0.0.1/{{((IPEndPoint)_listener.LocalEndpoint).Port}} || exit 9
            echo "START $PONTUAL_RUN_ID $PONTUAL_TOKEN $PONTUAL_SCHEDULED_FOR $PONTUAL_JOB $WITNESS_NODE" >&3
            read -r long <&3 || exit 8
            sleep "$long"
            echo END >&3
            echo "{\"items_processed\": $PONTUAL_TOKEN}" >"$PONTUAL_RESULT"
            """;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => WatchAsync(client), CancellationToken.None);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task WatchAsync(TcpClient client)
    {
        using var _ = client;
        SinkStart? start = null;
        var done = false;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            if (await reader.ReadLineAsync(_stop.Token) is not { } line || Read(line) is not { } told)
            {
                return;
            }

            _journal.Add(start = told);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Draw()), _stop.Token);
            done = await reader.ReadLineAsync(_stop.Token) == "END";
            if (done)
            {
                _journal.Add(new SinkEnd(start.RunId, start.Token, _time.GetUtcNow(), Succeeded: true));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The target died, or the campaign is over.
        }

        if (start is not null && !done)
        {
            _journal.Add(new SinkEnd(start.RunId, start.Token, _time.GetUtcNow(), Succeeded: false, Broken: true));
        }
    }

    private SinkStart? Read(string line) =>
        line.Split(' ') is ["START", var run, var token, var due, var job, var node]
            ? new SinkStart(
                job,
                DateTimeOffset.Parse(due, CultureInfo.InvariantCulture),
                Guid.Parse(run, CultureInfo.InvariantCulture),
                long.Parse(token, CultureInfo.InvariantCulture),
                _time.GetUtcNow(),
                Node: node,
                IsProcess: true
            )
            : null;

    private string Draw()
    {
        lock (_random)
        {
            var seconds = 0.05 + (_longest.TotalSeconds * _random.NextDouble() * _random.NextDouble());
            return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00}\n");
        }
    }
}
