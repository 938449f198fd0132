using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Runners.Handler;

/// <summary>Code in this process that jobs run by name. Registered by <see cref="HandlerRegistration.AddJobHandler{T}"/>.</summary>
public interface IJobHandler
{
    /// <summary>Runs one attempt. A thrown exception is a failure of kind "error", and its stack goes to the run's output.</summary>
    /// <param name="context">What to run and where its output goes.</param>
    /// <param name="cancellation">Fires on timeout, cancel, lost lease and node stop: end within 2 s. Code that does not is left behind, and goes on beside later attempts.</param>
    Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation);
}

/// <summary>What a handler gets to know about the attempt it runs.</summary>
public sealed class HandlerContext
{
    private readonly AttemptContext _attempt;
    private ILogger? _logger;

    internal HandlerContext(AttemptContext attempt, JsonElement args)
    {
        _attempt = attempt;
        Args = args;
    }

    /// <summary>The run, as claimed.</summary>
    public Run Run => _attempt.Leased.Run;

    /// <summary>The job, as it stood at the claim.</summary>
    public Job Job => _attempt.Leased.Job;

    /// <summary>Which try of the run this is; 1 for the first.</summary>
    public int Attempt => _attempt.Leased.Run.Attempt;

    /// <summary>The fencing token: it rises with each claim of the run. Hand it to what you write to, and let that refuse lower ones.</summary>
    public long FencingToken => _attempt.Leased.LeaseToken;

    /// <summary>The target's <c>args</c>; of kind <see cref="JsonValueKind.Undefined"/> when it has none.</summary>
    public JsonElement Args { get; }

    /// <summary>The parameters of whoever asked for the run, a JSON object; null for none.</summary>
    public string? Parameters => _attempt.Leased.Run.Parameters;

    /// <summary>The clock to go by.</summary>
    public TimeProvider Time => _attempt.Time;

    /// <summary>Writes its lines to the run's output.</summary>
    public ILogger Logger => _logger ??= new OutputLogger(_attempt.Output);

    /// <summary>The parameters, or without them the arguments, as a <typeparamref name="T"/>: snake_case names, unknown ones are ignored.</summary>
    /// <returns>Null when there are neither.</returns>
    /// <exception cref="JsonException">They do not fit.</exception>
    public T? Read<T>() =>
        Parameters is { } parameters ? JsonSerializer.Deserialize<T>(parameters, HandlerJson.Options)
        : Args.ValueKind is JsonValueKind.Undefined ? default
        : Args.Deserialize<T>(HandlerJson.Options);

    /// <summary>Adds a line to the run's output.</summary>
    public void WriteLine(string line) => _attempt.Output.WriteLine(line);

    /// <summary>Reports progress of 0 to 1 with an optional word.</summary>
    public void Progress(double fraction, string? note = null) => _attempt.Output.Progress(fraction, note);
}

/// <summary>What a handler came to. Closed: made by <see cref="Ok"/> and <see cref="Fail"/>.</summary>
public sealed class HandlerResult
{
    private static readonly Outcome Done = new Outcome.Success();
    private static readonly HandlerResult Plain = new(Done);

    private HandlerResult(Outcome outcome) => Outcome = outcome;

    internal Outcome Outcome { get; }

    /// <summary>It did what it should.</summary>
    /// <param name="result">Kept as JSON (snake_case names); null for none.</param>
    /// <param name="itemsProcessed">How many things it processed; null when that says nothing.</param>
    /// <exception cref="NotSupportedException"><paramref name="result"/> is of a type that JSON cannot carry.</exception>
    public static HandlerResult Ok(object? result = null, long? itemsProcessed = null) =>
        result is null && itemsProcessed is null
            ? Plain
            : new(
                new Outcome.Success(
                    Result: result is null ? null : JsonSerializer.Serialize(result, result.GetType(), HandlerJson.Options),
                    ItemsProcessed: itemsProcessed
                )
            );

    /// <summary>It did not; the retry policy treats it as kind "error".</summary>
    /// <param name="message">What went wrong, for people.</param>
    public static HandlerResult Fail(string message) => new(new Outcome.Failure(FailureKinds.Error, message));
}

internal static class HandlerJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };
}
