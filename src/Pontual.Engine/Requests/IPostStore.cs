namespace Pontual.Engine.Requests;

/// <summary>HTTP requests that programs asked for in SQL, inside their own transactions. Thread-safe.</summary>
public interface IPostStore
{
    /// <summary>Takes requests that nobody is sending. Each is the caller's for its own time limit and half a minute; when it was not answered by then, it is sent again.</summary>
    Task<IReadOnlyList<Post>> TakeAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Keeps what a request came to, in its place. Old answers go.</summary>
    Task DoneAsync(PostAnswer answer, CancellationToken cancellation);
}

/// <summary>Sends them.</summary>
public interface IPostSender
{
    /// <summary>Some may wait: look now. Returns at once.</summary>
    void Look();
}

/// <summary>A request to send.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Method">GET or POST.</param>
/// <param name="Url">An http or https address.</param>
/// <param name="Params">A JSON object whose members go into the query.</param>
/// <param name="Headers">A JSON object.</param>
/// <param name="Body">JSON; null for none.</param>
/// <param name="Timeout">Longest time for the whole exchange.</param>
/// <param name="Tries">How often it was taken, this time included.</param>
public sealed record Post(long Id, string Method, string Url, string Params, string Headers, string? Body, TimeSpan Timeout, int Tries);

/// <summary>What it came to.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When.</param>
/// <param name="StatusCode">HTTP status; null without an answer.</param>
/// <param name="ContentType">Of the answer.</param>
/// <param name="Headers">Of the answer, a JSON object.</param>
/// <param name="Content">The answer's text, cut.</param>
/// <param name="TimedOut">It did not answer in time.</param>
/// <param name="Error">Why there is no answer; null when there is one.</param>
public sealed record PostAnswer(
    long Id,
    DateTimeOffset At,
    int? StatusCode = null,
    string? ContentType = null,
    string? Headers = null,
    string? Content = null,
    bool TimedOut = false,
    string? Error = null
);
