using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>Sends webhooks: those of one session one after the other, and again later when they are refused, by the rule of their gateway.</summary>
internal sealed class WebhookPump(World world, Func<GatewayKind, IGatewayFace> faceOf) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SwapWaits = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<SimulatedSession, Queue<Letter>> _queues = [];
    private readonly Dictionary<SimulatedSession, Letter> _heldBack = [];
    private readonly List<SimulatedDelivery> _log = [];
    private TaskCompletionSource _quiet = Done();
    private int _era;
    private int _open;

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<SimulatedDelivery> Log()
    {
        lock (world.Gate)
        {
            return [.. _log];
        }
    }

    /// <summary>Puts the webhooks of an event on their way. Under the world's gate.</summary>
    public void Post(SimulatedSession session, SimulatedEvent happened)
    {
        if (session.Has(FaultKind.Deaf))
        {
            return;
        }

        foreach (var draft in faceOf(session.Kind).Tell(session, happened))
        {
            var letter = new Letter(session, draft, Attempt: 1, _era);
            foreach (var each in session.Take(FaultKind.DuplicateWebhooks) ? new[] { letter, letter } : [letter])
            {
                Order(each);
            }
        }
    }

    /// <summary>Ends when nothing is on its way that is due now.</summary>
    public async Task QuietAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task quiet;
            lock (world.Gate)
            {
                if (_open == 0)
                {
                    return;
                }

                quiet = _quiet.Task;
            }

            await quiet.WaitAsync(cancellation);
        }
    }

    /// <summary>Forgets what waits in the memory of a gateway that restarts.</summary>
    public void Forget(GatewayKind kind)
    {
        _era++;
        foreach (var session in _heldBack.Keys.Where(session => session.Kind == kind).ToList())
        {
            _heldBack.Remove(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await QuietAsync(CancellationToken.None);
        _http.Dispose();
        _stop.Dispose();
    }

    /// <summary>A fault lets each two letters change places: the first waits for the second, but not for ever.</summary>
    private void Order(Letter letter)
    {
        if (_heldBack.Remove(letter.Session, out var first))
        {
            Enqueue(letter);
            Enqueue(first);
        }
        else if (letter.Session.Take(FaultKind.ReorderedWebhooks))
        {
            _heldBack[letter.Session] = letter;
            world.Agenda.In(SwapWaits, () => LetGo(letter));
        }
        else
        {
            Enqueue(letter);
        }
    }

    private void LetGo(Letter letter)
    {
        if (_heldBack.TryGetValue(letter.Session, out var held) && ReferenceEquals(held, letter))
        {
            _heldBack.Remove(letter.Session);
            Enqueue(letter);
        }
    }

    private void Enqueue(Letter letter)
    {
        if (letter.Era != _era || _stop.IsCancellationRequested)
        {
            return;
        }

        if (_open++ == 0)
        {
            _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (_queues.TryGetValue(letter.Session, out var queue))
        {
            queue.Enqueue(letter);
            return;
        }

        _queues[letter.Session] = new Queue<Letter>([letter]);
        _ = Task.Run(() => DrainAsync(letter.Session));
    }

    private async Task DrainAsync(SimulatedSession session)
    {
        while (Next(session) is { } letter)
        {
            var status = await TryAsync(letter.Draft);
            lock (world.Gate)
            {
                _log.Add(
                    new SimulatedDelivery(world.Now, session.Kind, session.Id, letter.Draft.Event, letter.Draft.Url, letter.Attempt, status)
                );
                if (status is < 200 or >= 300)
                {
                    Again(letter, status);
                }

                if (--_open == 0)
                {
                    _quiet.SetResult();
                }
            }
        }
    }

    private Letter? Next(SimulatedSession session)
    {
        lock (world.Gate)
        {
            if (_queues[session].TryDequeue(out var letter))
            {
                return letter;
            }

            _queues.Remove(session);
            return null;
        }
    }

    private void Again(Letter letter, int status)
    {
        var jitter = world.Chance(letter.Draft.Event, letter.Session.Id, $"{letter.Attempt}");
        if (letter.Era == _era && faceOf(letter.Session.Kind).RetryAfter(letter.Attempt, status, jitter) is { } wait)
        {
            world.Agenda.In(wait, () => Enqueue(letter with { Attempt = letter.Attempt + 1 }));
        }
    }

    private async Task<int> TryAsync(WebhookDraft draft)
    {
        try
        {
            // The receiver is real, so its time is too: on a manual clock an hour may pass while a webhook is on its way.
            using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, limit.Token);
            using var request = new HttpRequestMessage(HttpMethod.Post, draft.Url) { Content = new ByteArrayContent(draft.Body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            foreach (var (name, value) in draft.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception failure)
            when (failure
                    is HttpRequestException
                        or IOException
                        or OperationCanceledException
                        or UriFormatException
                        or InvalidOperationException
            )
        {
            return 0;
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private sealed record Letter(SimulatedSession Session, WebhookDraft Draft, int Attempt, int Era);
}
