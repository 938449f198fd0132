using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Database;

namespace Pontual.Messaging.Inbox;

/// <summary>Reads webhooks that were kept, oldest first, and takes in what they tell: effects and mark in one transaction, so that all happens once.</summary>
/// <remarks>
/// <code>
///   kept ──► take ──► read ──► messages ──► listeners ──► marked read | failed
///            └──────────────── one transaction ───────────────────────┘
/// </code>
/// Every node reads; what one has taken, the others skip. A webhook that cannot be read fails alone. Where a whole batch is refused, its webhooks are
/// taken in one by one, and those that are at fault fail.
/// </remarks>
internal sealed class InboxReader(
    PontualDatabase database,
    WebhookReaders readers,
    MessageStore messages,
    IEnumerable<IInboxListener> listeners,
    TimeProvider time,
    ILogger<InboxReader> logger
)
{
    private const int MostAtOnce = 500;
    private const long MostBytes = 8 << 20;
    private const int LongestError = 1_000;

    private const int FewestAtOnce = 20;

    // SQLite has one writer: webhooks that come in wait behind those that are read, and their gateways for an answer.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(20);

    private readonly IInboxListener[] _listeners = [.. listeners];

    // Any number does, and the next turn mends it: callers at the same moment may overwrite each other's.
    private volatile int _fitting = MostAtOnce;

    /// <summary>Reads the next of those that wait.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> ReadAsync(CancellationToken cancellation)
    {
        if (!await database.ReadAsync(UnreadStore.AnyAsync, cancellation))
        {
            return 0;
        }

        try
        {
            return Tell(await database.WriteAsync(TurnAsync, cancellation));
        }
        catch (Exception problem) when (MayBeOfOne(problem))
        {
            return await OneByOneAsync(problem, cancellation);
        }
    }

    /// <summary>Takes in messages that were fetched, as if webhooks had told them.</summary>
    /// <returns>How many were not known.</returns>
    public Task<int> AddAsync(
        GatewayKey gateway,
        string session,
        IReadOnlyList<SessionMessage> fetched,
        MessageSource source,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        List<MessageNews> news = [.. fetched.Select(message => new MessageNews(gateway, session, message, now, source))];
        return database.WriteAsync(
            async transaction =>
            {
                var changes = await messages.ApplyAsync(transaction, news);
                await ListenAsync(transaction, new InboxBatch([], changes, now));
                return changes.Count(change => change.IsArrival);
            },
            cancellation
        );
    }

    /// <summary>Takes in as many as took no longer than others may wait, going by the last turn.</summary>
    private async ValueTask<List<ReadWebhook>> TurnAsync(DatabaseSession session)
    {
        var began = time.GetTimestamp();
        var read = await TakeInAsync(session, await SomeAsync(session, _fitting));
        if (database.Dialect is Dialect.Sqlite && time.GetElapsedTime(began) is { Ticks: > 0 } took && read.Count > 0)
        {
            _fitting = (int)Math.Clamp(read.Count * (LongestTurn / took), FewestAtOnce, MostAtOnce);
        }

        return read;
    }

    private static async ValueTask<IReadOnlyList<Guid>> SomeAsync(DatabaseSession session, int most)
    {
        var (some, room) = (new List<Guid>(), MostBytes);
        foreach (var (id, size) in await UnreadStore.TakeAsync(session, most))
        {
            room -= size;
            if (room < 0 && some.Count > 0)
            {
                break;
            }

            some.Add(id);
        }

        return some;
    }

    private async ValueTask<List<ReadWebhook>> TakeInAsync(DatabaseSession session, IReadOnlyList<Guid> ids)
    {
        var now = time.GetUtcNow();
        var read = (await UnreadStore.BodiesAsync(session, ids)).ConvertAll(Read);
        var changes = await messages.ApplyAsync(session, [.. read.SelectMany(one => one.Messages)]);
        await ListenAsync(session, new InboxBatch([.. read.SelectMany(one => one.News)], changes, now));
        await UnreadStore.EndAsync(session, read, now);
        return read;
    }

    private async ValueTask ListenAsync(DatabaseSession session, InboxBatch batch)
    {
        if (batch.News.Count + batch.Messages.Count == 0)
        {
            return;
        }

        foreach (var listener in _listeners)
        {
            await listener.ApplyAsync(session, batch);
        }
    }

    private ReadWebhook Read(UnreadWebhook webhook)
    {
        try
        {
            var reader = webhook.Kind is { } kind ? readers.Find(kind) : null;
            if (reader is null)
            {
                return Failed(webhook, "this program does not read webhooks of this kind of gateway");
            }

            var told = reader.Read(webhook.Body);
            return new ReadWebhook(
                webhook,
                [.. told.Select(one => new InboxNews(webhook.Gateway, one, webhook.ReceivedAt))],
                [.. told.Select(one => OfMessage(webhook, one)).OfType<MessageNews>()],
                null
            );
        }
        catch (Exception problem)
        {
            // Whatever strangers send must not keep others from being read.
            return Failed(webhook, problem is WebhookFormatException ? problem.Message : Unexpected(problem));
        }
    }

    private static MessageNews? OfMessage(UnreadWebhook webhook, GatewayEvent told) =>
        told switch
        {
            GatewayEvent.MessageSeen seen => new(webhook.Gateway, seen.Session, seen.Message, webhook.ReceivedAt, MessageSource.Webhook),
            GatewayEvent.MessageAcked acked => new(webhook.Gateway, acked, webhook.ReceivedAt),
            _ => null,
        };

    private static ReadWebhook Failed(UnreadWebhook webhook, string error) => new(webhook, [], [], InboxText.Clean(error, LongestError));

    private static string Unexpected(Exception problem) =>
        problem is JsonException ? $"it is not the JSON it should be: {problem.Message}" : $"{problem.GetType().Name}: {problem.Message}";

    private async Task<int> OneByOneAsync(Exception problem, CancellationToken cancellation)
    {
        var ids = await database.ReadAsync(async session => await UnreadStore.WaitingAsync(session, MostAtOnce), cancellation);
        logger.OneByOne(problem, ids.Count);
        foreach (var id in ids)
        {
            try
            {
                Tell(await database.WriteAsync(session => OneAsync(session, id, null), cancellation));
            }
            catch (Exception its) when (MayBeOfOne(its))
            {
                Tell(await database.WriteAsync(session => OneAsync(session, id, Unexpected(its)), cancellation));
            }
        }

        return ids.Count;
    }

    private async ValueTask<List<ReadWebhook>> OneAsync(DatabaseSession session, Guid id, string? error)
    {
        var taken = (await UnreadStore.TakeOneAsync(session, id)).ConvertAll(one => one.Id);
        if (error is null)
        {
            return await TakeInAsync(session, taken);
        }

        var failed = (await UnreadStore.BodiesAsync(session, taken)).ConvertAll(webhook => Failed(webhook, error));
        await UnreadStore.EndAsync(session, failed, time.GetUtcNow());
        return failed;
    }

    private int Tell(List<ReadWebhook> read)
    {
        foreach (var one in read)
        {
            if (one.Error is not null)
            {
                // Not the reason itself: it may quote what people wrote.
                logger.WebhookFailed(one.Webhook.Id, one.Webhook.Gateway);
            }
        }

        return read.Count;
    }

    // When the database is away, full or busy, it is so for all of them.
    private static bool MayBeOfOne(Exception problem) =>
        problem
            is not OperationCanceledException
                and not DatabaseException
                {
                    Fault: DatabaseFault.Unavailable
                        or DatabaseFault.Unanswered
                        or DatabaseFault.Busy
                        or DatabaseFault.Full
                        or DatabaseFault.Corrupt
                        or DatabaseFault.Permission
                        or DatabaseFault.Schema
                };
}
