using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Runners.Handler;

/// <summary>Runs code of this process by name: <c>handler: {name, args?}</c>.</summary>
/// <remarks>Handlers without a scope run with no allocation but their context: draining a queue of small jobs must not be bound by this.</remarks>
internal sealed class HandlerRunner : IRunner
{
    /// <summary>What a cancelled handler gets to end by itself (the port's rule for runners).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger<HandlerRunner> _logger;
    private readonly IServiceProvider _services;
    private readonly FrozenDictionary<string, Entry> _handlers;

    public HandlerRunner(
        IServiceProvider services,
        IServiceScopeFactory scopes,
        IEnumerable<NamedHandler> handlers,
        ILogger<HandlerRunner> logger
    )
    {
        _services = services;
        _scopes = scopes;
        _logger = logger;
        var named = handlers.ToList();
        if (named.GroupBy(handler => handler.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException(
                $"The handler name '{twice.Key}' is registered {twice.Count()} times: give each handler its own."
            );
        }

        _handlers = named.ToFrozenDictionary(
            handler => handler.Name,
            handler => new Entry(handler, handler.Lifetime() is ServiceLifetime.Singleton ? handler.Create(services) : null)
        );
    }

    public string Kind => "handler";

    public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant)
    {
        if (settings.ValueKind is not JsonValueKind.Object)
        {
            yield return new("", "type", "The handler target is not an object.", "Write handler: { name: NAME, args: … }.");
            yield break;
        }

        foreach (var setting in settings.EnumerateObject().Where(setting => setting.Name is not ("name" or "args")))
        {
            yield return new(Pointer(setting.Name), "unknown-key", $"A handler target has no '{setting.Name}'.", "Use name and args.");
        }

        if (!settings.TryGetProperty("name", out var name))
        {
            yield return new("/name", "required", "The handler's name is missing.", "Write the name the handler was registered under.");
        }
        else if (NameIn(settings) is null)
        {
            yield return new(
                "/name",
                "type",
                $"{name.GetRawText()} is not a handler name.",
                $"Use a text of 1 to {NamedHandler.LongestName} characters."
            );
        }
    }

    public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation)
    {
        var settings = attempt.Settings;
        if (NameIn(settings) is not { } name)
        {
            var problem = Check(settings, attempt.Leased.Run.Job.Tenant).First();
            return Task.FromResult<Outcome>(new Outcome.Failure(FailureKinds.Target, $"{problem.Message} {problem.Fix}"));
        }

        if (!_handlers.TryGetValue(name, out var entry))
        {
            return RunDefaultAsync(name, attempt, cancellation);
        }

        settings.TryGetProperty("args", out var args);
        var context = new HandlerContext(attempt, args);
        return entry.Shared is { } handler
            ? Run(handler, context, attempt, cancellation)
            : RunScopedAsync(entry.Named, context, attempt, cancellation);
    }

    /// <summary>Without a handler of that name: the target that stands in for those which are not here, if there is one.</summary>
    private Task<Outcome> RunDefaultAsync(string name, AttemptContext attempt, CancellationToken cancellation)
    {
        if (_services.GetService<DefaultTarget>() is not { } standIn)
        {
            return Task.FromResult<Outcome>(new Outcome.Failure(FailureKinds.Target, $"no handler named {name}"));
        }

        var target = standIn.For(attempt.Leased.Job.Name);
        return _services.GetServices<IRunner>().FirstOrDefault(runner => runner.Kind == target.Kind && runner != this) is { } runner
            ? runner.RunAsync(attempt.With(target), cancellation)
            : Task.FromResult<Outcome>(
                new Outcome.Failure(
                    FailureKinds.Target,
                    $"no handler named {name}, and no runner of the default target's kind '{target.Kind}'"
                )
            );
    }

    private static string? NameIn(JsonElement settings) =>
        settings.ValueKind is JsonValueKind.Object
        && settings.TryGetProperty("name", out var name)
        && name.ValueKind is JsonValueKind.String
        && name.GetString() is { Length: > 0 and <= NamedHandler.LongestName } text
            ? text
            : null;

    private static string Pointer(string key) =>
        "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private async Task<Outcome> RunScopedAsync(
        NamedHandler named,
        HandlerContext context,
        AttemptContext attempt,
        CancellationToken cancellation
    )
    {
        await using var scope = _scopes.CreateAsyncScope();
        IJobHandler handler;
        try
        {
            handler = named.Create(scope.ServiceProvider);
        }
        catch (Exception failure)
        {
            return Failed(failure, attempt);
        }

        return await Run(handler, context, attempt, cancellation);
    }

    private Task<Outcome> Run(IJobHandler handler, HandlerContext context, AttemptContext attempt, CancellationToken cancellation)
    {
        if (!attempt.MayGoOn())
        {
            return Task.FromResult<Outcome>(new Outcome.Interrupted());
        }

        Task<HandlerResult> running;
        try
        {
            running = handler.RunAsync(context, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested || failure is not OperationCanceledException)
        {
            return Task.FromResult(Failed(failure, attempt));
        }

        return running.IsCompletedSuccessfully ? Task.FromResult(running.Result.Outcome) : FinishAsync(running, attempt, cancellation);
    }

    private async Task<Outcome> FinishAsync(Task<HandlerResult> running, AttemptContext attempt, CancellationToken cancellation)
    {
        try
        {
            return (await running.WaitAsync(cancellation)).Outcome;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return await StopAsync(running, attempt);
        }
        catch (Exception failure)
        {
            return Failed(failure, attempt);
        }
    }

    /// <summary>Waits for a cancelled handler to end. One that finished all the same keeps its result: what it did is done.</summary>
    private async Task<Outcome> StopAsync(Task<HandlerResult> running, AttemptContext attempt)
    {
        try
        {
            return (await running.WaitAsync(Grace, attempt.Time, CancellationToken.None)).Outcome;
        }
        catch (TimeoutException late) when (!running.IsCompleted)
        {
            _logger.HandlerLeftBehind(attempt.Leased.Run.Id, attempt.Leased.Run.Job, Grace);
            attempt.Output.WriteLine($"The handler did not stop within {Grace.TotalSeconds:0} s of its cancellation and was left behind.");
            throw new OperationCanceledException("The handler was left behind.", late);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Failed(failure, attempt);
        }
    }

    private static Outcome Failed(Exception failure, AttemptContext attempt)
    {
        attempt.Output.WriteLine(failure.ToString());
        return new Outcome.Failure(FailureKinds.Error, $"{failure.GetType().Name}: {failure.Message}");
    }

    /// <param name="Named">How it was registered.</param>
    /// <param name="Shared">The one instance of a handler that needs no scope; else null.</param>
    private sealed record Entry(NamedHandler Named, IJobHandler? Shared);
}
