using Pontual.Engine.Requests;
using Pontual.Storage.Database;

namespace Pontual.Storage.Requests;

/// <summary>The port of HTTP requests that were asked for in SQL. PostgreSQL only.</summary>
internal sealed class PostStore(PontualDatabase database) : IPostStore
{
    private static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(6);

    private static readonly Statement Take = new(
        """
        UPDATE post SET held_until = @now + timeout_ms * interval '1 millisecond' + interval '30 seconds', tries = tries + 1
        WHERE id IN (
            SELECT id FROM post WHERE held_until IS NULL OR held_until <= @now ORDER BY id LIMIT @limit FOR UPDATE SKIP LOCKED)
        RETURNING id, method, url, params::text, headers::text, body, timeout_ms, tries
        """
    );

    private static readonly Statement Delete = new("DELETE FROM post WHERE id = @id");

    private static readonly Statement Keep = new(
        """
        INSERT INTO post_answer (id, status_code, content_type, headers, content, timed_out, error_msg, created)
        VALUES (@id, @status, @type, CAST(@headers AS jsonb), @content, @timed_out = 1, @error, @now) ON CONFLICT (id) DO NOTHING
        """
    );

    private static readonly Statement Forget = new("DELETE FROM post_answer WHERE created < @before");

    public async Task<IReadOnlyList<Post>> TakeAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        await database.WriteAsync(session => session.QueryAsync(Take, Read, ("now", now), ("limit", limit)), cancellation);

    public Task DoneAsync(PostAnswer answer, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Delete, ("id", answer.Id));
                await session.ExecuteAsync(Forget, ("before", answer.At - KeepAnswers));
                return await session.ExecuteAsync(
                    Keep,
                    ("id", answer.Id),
                    ("status", answer.StatusCode),
                    ("type", answer.ContentType),
                    ("headers", answer.Headers),
                    ("content", answer.Content),
                    ("timed_out", answer.TimedOut ? 1 : 0),
                    ("error", answer.Error),
                    ("now", answer.At)
                );
            },
            cancellation
        );

    private static Post Read(Row row) =>
        new(
            row.Int64(0),
            row.Text(1),
            row.Text(2),
            row.Text(3),
            row.Text(4),
            row.TextOrNull(5),
            TimeSpan.FromMilliseconds(row.Int64(6)),
            row.Int32(7)
        );
}
