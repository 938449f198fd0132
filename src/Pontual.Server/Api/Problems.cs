using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Events;

namespace Pontual.Server.Api;

/// <summary>Every problem the API answers with (RFC 9457). The type is a contract; the detail is for people and may change.</summary>
internal static partial class Problems
{
    /// <summary>What every type starts with.</summary>
    public const string Urn = "urn:pontual:problem:";

    // ---- Listening ----

    public static ProblemHttpResult CursorGone(long after, EventBounds bounds) =>
        Of(
            410,
            "cursor-gone",
            "What followed the cursor is gone",
            WordsOfGone(after, bounds),
            new() { ["oldest_cursor"] = bounds.Oldest, ["newest_cursor"] = bounds.Newest }
        );

    /// <summary>The same in words.</summary>
    public static string WordsOfGone(long after, EventBounds bounds) =>
        after > bounds.Newest
            ? $"Cursor {after} is not of this log, which ends at {bounds.Newest}: most likely an older copy of the database was restored. Read what you need anew and go on from {bounds.Newest}."
            : $"Events after cursor {after} are not kept any more; the log goes back to {bounds.Oldest}. Read what you need anew and go on from {bounds.Newest}.";

    public static ProblemHttpResult WebSocketNeeded() =>
        Of(426, "websocket-needed", "A WebSocket is needed", "Ask for this with a WebSocket, or use /events or /api/v1/events.");

    public static ProblemHttpResult TooManyListeners() =>
        Of(
            503,
            "too-many-listeners",
            "Too many listen already",
            "The server has no room for another listener. Ask again later, or another node."
        );

    // ---- The server's own ----

    public static ProblemHttpResult Unavailable(string why) => Of(503, "unavailable", "The server cannot answer now", why);

    public static ProblemHttpResult DatabaseAway() =>
        Of(
            503,
            "database-unavailable",
            "The database cannot be reached",
            "Nothing was changed. Ask again in a few seconds: the server keeps trying to reach it."
        );

    public static ProblemHttpResult DatabaseBusy() =>
        Of(
            503,
            "database-busy",
            "The database is too busy",
            "Nothing was changed: no connection was free in time, or a statement took too long. Ask again in a few seconds."
        );

    public static ProblemHttpResult OutcomeUnknown() =>
        Of(
            503,
            "outcome-unknown",
            "Whether it happened is not known",
            "The connection to the database broke while it was being written, and the server could not find out. Look before asking again."
        );

    public static ProblemHttpResult Internal(string reference) =>
        Of(
            500,
            "internal",
            "Something went wrong here",
            $"The server's log has the cause under {reference}.",
            new() { ["reference"] = reference }
        );

    /// <summary>A refusal of the framework that has no words of its own here.</summary>
    public static ProblemHttpResult Status(int status) =>
        Of(status, "refused", "The request was refused", $"The server answered with status {status}.");

    private const int MostErrors = 100;

    private static ProblemHttpResult Of(int status, string type, string title, string detail, Dictionary<string, object?>? more = null) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: Urn + type, extensions: more);
}
