using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Access;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;
using Pontual.Server.Packs;

namespace Pontual.Server.Api;

/// <summary>Every problem the API answers with (RFC 9457). The type is a contract; the detail is for people and may change.</summary>
internal static class Problems
{
    /// <summary>What every type starts with.</summary>
    public const string Urn = "urn:pontual:problem:";

    // ---- Access -------------------------------------------------------------------------------------------------

    public static ProblemHttpResult TokenMissing() =>
        Of(
            401,
            "token-missing",
            "A token is needed",
            "Send 'Authorization: Bearer TOKEN'; 'pontual token create' makes one. People log in at /login."
        );

    public static ProblemHttpResult TokenRefused(string why) => Of(401, "token-refused", "The token was refused", why);

    public static ProblemHttpResult ScopeMissing(string needed) =>
        Of(
            403,
            "scope-missing",
            "The token may not do this",
            $"A token of scope '{needed}' is needed.",
            new() { ["needed_scope"] = needed }
        );

    public static ProblemHttpResult InstallationOnly() =>
        Of(403, "installation-only", "That is the installation's", "All tenants share it: a token of the default tenant is needed.");

    public static ProblemHttpResult TooManyFailedTokens(string seconds) =>
        Of(429, "too-many-failed-tokens", "Too many refused tokens", $"Too many tokens from this address were refused. Wait {seconds} s.");

    public static ProblemHttpResult SessionEnded() =>
        Of(401, "session-ended", "The session has ended", "Log in again: /login, or POST /api/v1/session.");

    public static ProblemHttpResult LoginRefused() =>
        Of(
            401,
            "login-refused",
            "Name, password or code is wrong",
            "Give the name and password of a user, and a fresh code where one is used."
        );

    public static ProblemHttpResult CodeNeeded() =>
        Of(
            401,
            "code-needed",
            "A code is needed",
            "Name and password are right. Send them again with 'code', from the app or a recovery code."
        );

    public static ProblemHttpResult TooManyLogins(string seconds) =>
        Of(
            429,
            "too-many-logins",
            "Too many logins",
            $"Too many logins of this account or from this address were tried. Wait {seconds} s."
        );

    public static ProblemHttpResult ForeignOrigin() =>
        Of(
            403,
            "foreign-origin",
            "The request comes from another site",
            "A session's requests that change something must come from a page of this server. Behind a proxy set 'public-url' to the address people use."
        );

    public static ProblemHttpResult AntiforgeryMissing() =>
        Of(
            403,
            "antiforgery-missing",
            "The antiforgery value is missing or wrong",
            $"Send the header {Antiforgery.Header} with the value 'antiforgery' that GET /api/v1/session answers."
        );

    public static ProblemHttpResult NoSession() =>
        Of(409, "no-session", "There is no session to end", "The request was let in by a token; 'pontual token revoke' ends those.");

    public static ProblemHttpResult TooManyRequests(string rate, string seconds) =>
        Of(429, "too-many-requests", "Too many requests", $"This caller may make {rate} requests on this server. Wait {seconds} s.");

    public static ProblemHttpResult CallbackTokenRefused() =>
        Of(
            401,
            "callback-token-refused",
            "The callback token was refused",
            "Send the value of X-Pontual-Callback-Token exactly as this run's attempt received it."
        );

    // ---- Documents and parameters -------------------------------------------------------------------------------

    public static ProblemHttpResult InvalidDocument(IReadOnlyCollection<DocumentProblem> problems) =>
        InvalidDocument(problems.Count, problems.Take(MostErrors).Select(ErrorView.Of));

    public static ProblemHttpResult InvalidDefinitions(IReadOnlyCollection<PackProblem> problems) =>
        InvalidDocument(problems.Count, problems.Take(MostErrors).Select(ErrorView.Of));

    private static ProblemHttpResult InvalidDocument(int count, IEnumerable<ErrorView> errors) =>
        Of(
            400,
            "invalid-document",
            "The document has mistakes",
            count == 1 ? "One thing is wrong; nothing was changed." : $"{count} things are wrong; nothing was changed.",
            new() { ["errors"] = errors.ToArray() }
        );

    public static ProblemHttpResult MalformedJson(string why, long? line, long? position) =>
        Of(400, "malformed-json", "The body is not JSON", why, new() { ["line"] = line, ["position"] = position });

    public static ProblemHttpResult InvalidParameter(string parameter, string value, string allowed) =>
        Of(
            400,
            "invalid-parameter",
            "A query parameter is wrong",
            $"{DocumentText.Quote(value)} is no value of '{parameter}': {allowed}.",
            new() { ["parameter"] = parameter, ["allowed"] = allowed }
        );

    public static ProblemHttpResult UnknownParameter(string parameter, IEnumerable<string> known) =>
        Of(
            400,
            "unknown-parameter",
            "A query parameter is not known",
            known.Any()
                ? $"{DocumentText.Quote(parameter)} is not known here. Known are: {string.Join(", ", known)}."
                : $"{DocumentText.Quote(parameter)} is not known here; this route takes no query parameters.",
            new() { ["parameter"] = parameter }
        );

    public static ProblemHttpResult InvalidName(string name) =>
        Of(400, "invalid-name", "That is not a job name", $"{DocumentText.Quote(name)} is not a job name: {JobName.Rule}.");

    public static ProblemHttpResult InvalidRunId(string id) =>
        Of(
            400,
            "invalid-run-id",
            "That is not a run id",
            $"{DocumentText.Quote(id)} is not a run id: ids are UUIDs, as the list of runs shows."
        );

    public static ProblemHttpResult InvalidHeader(string header, string rule) =>
        Of(400, "invalid-header", "A header is wrong", $"{header}: {rule}.", new() { ["header"] = header });

    public static ProblemHttpResult IdempotencyKeyReused() =>
        Of(
            422,
            "idempotency-key-reused",
            "The key was used for another request",
            "This Idempotency-Key came with another method, path or body within 24 hours. Use a new key for a new request."
        );

    public static ProblemHttpResult RequestInProgress() =>
        Of(
            409,
            "request-in-progress",
            "The first request with this key is not done",
            "A request with this Idempotency-Key is being carried out. Ask again in a moment."
        );

    public static ProblemHttpResult AnswerNotKept(string? location) =>
        Of(
            409,
            "answer-not-kept",
            "It was done, and its answer showed a secret",
            "The request with this Idempotency-Key was carried out; the secret in its answer is shown once and not kept. Revoke what it made and ask with a new key.",
            location is null ? null : new() { ["location"] = location }
        );

    public static ProblemHttpResult BadRequest(string why) => Of(400, "bad-request", "The request cannot be read", why);

    public static ProblemHttpResult UnsupportedMediaType(string allowed) =>
        Of(415, "unsupported-media-type", "The body has the wrong type", $"Send the body with Content-Type {allowed}.");

    public static ProblemHttpResult TooLarge(long? limit) =>
        Of(
            413,
            "too-large",
            "The body is too large",
            limit is null ? "The body is over this route's limit." : $"Send at most {limit} bytes.",
            new() { ["limit_bytes"] = limit }
        );

    public static ProblemHttpResult TooSlow() =>
        Of(408, "too-slow", "The request came too slowly", "The body did not arrive in time. Send it again.");

    // ---- Things that are not there, or stand in the way ----------------------------------------------------------

    public static ProblemHttpResult RouteNotFound(string path) =>
        Of(404, "route-not-found", "There is nothing here", $"No route matches {DocumentText.Quote(path)}. /docs lists all of them.");

    public static ProblemHttpResult MethodNotAllowed(string method, string allowed) =>
        Of(
            405,
            "method-not-allowed",
            "The route has no such method",
            allowed.Length == 0
                ? $"{DocumentText.Quote(method)} is not possible here."
                : $"{DocumentText.Quote(method)} is not possible here; use {allowed}.",
            new() { ["allowed"] = allowed }
        );

    public static ProblemHttpResult JobNotFound(JobName name) =>
        Of(404, "job-not-found", "There is no such job", $"No job is named '{name}'.", new() { ["job"] = name.ToString() });

    public static ProblemHttpResult RunNotFound(Guid id) =>
        Of(
            404,
            "run-not-found",
            "There is no such run",
            $"No run has the id {id}. Old runs are deleted after the retention time.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult TokenNotFound(string id) =>
        Of(404, "token-not-found", "There is no such token", $"No token has the id {DocumentText.Quote(id)}.");

    public static ProblemHttpResult UserNotFound(string name) =>
        Of(404, "user-not-found", "There is no such user", $"No user is named {DocumentText.Quote(name)}.");

    public static ProblemHttpResult UserExists(UserName name) =>
        Of(
            409,
            "user-exists",
            "A user of this name exists",
            $"'{name}' exists already; choose another name.",
            new() { ["user"] = name.Text }
        );

    public static ProblemHttpResult LastAdmin(UserName name) =>
        Of(
            409,
            "last-admin",
            "The last administrator stays",
            $"'{name}' is the only administrator of the installation who can log in. Make another one first.",
            new() { ["user"] = name.Text }
        );

    public static ProblemHttpResult CodesThere(UserName name) =>
        Of(
            409,
            "codes-there",
            "The user has codes already",
            $"Codes of '{name}' were set up. Take them away first (DELETE), then set them up anew.",
            new() { ["user"] = name.Text }
        );

    public static ProblemHttpResult JobExists(JobName name) =>
        Of(
            409,
            "job-exists",
            "A job of this name exists",
            $"'{name}' exists already. Replace it with PUT /api/v1/jobs/{name}, or choose another name.",
            new() { ["job"] = name.ToString() }
        );

    public static ProblemHttpResult LimitNeedsParameter(JobName job, string parameter) =>
        InvalidDocument([
            new(
                $"/{parameter.Replace('.', '/')}",
                "required",
                $"the key of the limit of '{job}' needs {{{{{parameter}}}}}, which is not given",
                "run the job with that parameter"
            ),
        ]);

    public static ProblemHttpResult RunAlreadyActive(JobName job, Guid runId) =>
        Of(
            409,
            "run-already-active",
            "The job is running",
            $"Run {runId} of '{job}' has not ended and the job's overlap policy is skip. Wait for it, cancel it, or ask with ?overlap=allow (admin).",
            new() { ["run_id"] = runId }
        );

    public static ProblemHttpResult RunAlreadyEnded(Guid id) =>
        Of(409, "run-already-ended", "The run has ended", $"Run {id} has ended; there is nothing to cancel.", new() { ["run_id"] = id });

    public static ProblemHttpResult RunNotEnded(Guid id) =>
        Of(
            409,
            "run-not-ended",
            "The run has not ended",
            $"Run {id} has not ended; only an ended run can be retried.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult CallbackStale(Guid id) =>
        Of(
            409,
            "callback-stale",
            "The attempt is over",
            $"The attempt of run {id} that this callback belongs to is over. Its result was not recorded.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult RunNotHeld(Guid id) =>
        Of(
            409,
            "run-not-held",
            "The worker does not hold the run",
            $"Run {id} is not held by this worker and token (any more): it ended, its time was over, or it was lost. Nothing was recorded.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult DefinitionChanged() =>
        Of(
            409,
            "definition-changed",
            "A definition changed meanwhile",
            "Somebody changed a job at the same time. Nothing was changed; try again."
        );

    /// <param name="kind">"job", "calendar" or "user".</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">The ETag that was sent.</param>
    public static ProblemHttpResult RevisionMismatch(string kind, string name, string expected) =>
        Of(
            412,
            "revision-mismatch",
            $"The {kind} is at another revision",
            $"'{name}' is not at revision {DocumentText.Quote(expected)} (any more). Read it again and repeat the edit.",
            new() { [kind] = name }
        );

    public static ProblemHttpResult CalendarNotFound(string name) =>
        Of(404, "calendar-not-found", "There is no such calendar", $"No calendar is named {DocumentText.Quote(name)}.");

    public static ProblemHttpResult CalendarInUse(string name, IReadOnlyList<JobName> jobs) =>
        Of(
            409,
            "calendar-in-use",
            "Jobs use the calendar",
            $"'{name}' is named by {string.Join(", ", jobs)}. Take it out of their schedules first.",
            new() { ["jobs"] = jobs.Select(job => job.ToString()).ToArray() }
        );

    // ---- Listening ----------------------------------------------------------------------------------------------

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

    // ---- The server's own ---------------------------------------------------------------------------------------

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
