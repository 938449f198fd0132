using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Runners.Http;

namespace Pontual.Runners.Sql;

/// <summary>Runs a statement on a PostgreSQL: <c>sql: {connection, statement, settings}</c>.</summary>
internal sealed class SqlRunner(IOptions<SqlRunnerOptions> options, ISecrets secrets) : IRunner
{
    /// <summary>How long a stopped attempt is waited for. A server that does not answer to being asked for an end does not hold up the node.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(1800);

    private readonly SqlConnections _connections = new();

    public string Kind => "sql";

    public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant)
    {
        var problems = new List<DocumentProblem>();
        SqlTargetReader.Read(settings, WhyNotOwn(tenant), problems);
        return problems;
    }

    public async Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = new List<DocumentProblem>();
        if (SqlTargetReader.Read(attempt.Settings, WhyNotOwn(attempt.Leased.Run.Job.Tenant), problems) is not { } target)
        {
            return new Outcome.Failure(FailureKinds.Target, $"The target's {problems[0].Path}: {problems[0].Message}: {problems[0].Fix}");
        }

        var running = RunAsync(target, attempt, cancellation);
        await ((Task)running).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
        {
            await ((Task)running)
                .WaitAsync(StopTime, attempt.Time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return running.IsCompleted ? await running : throw new OperationCanceledException(cancellation);
    }

    /// <summary>Pontual's own role reads and writes every tenant's rows, so that no other tenant's statement may have it.</summary>
    private string? WhyNotOwn(TenantName tenant) =>
        options.Value.OwnPostgreSql is null ? "this installation has no PostgreSQL of its own to run the statement on"
        : tenant.IsDefault ? null
        : "only jobs of the default tenant run with the rights of Pontual's own connection";

    private async Task<Outcome> RunAsync(SqlTarget target, AttemptContext attempt, CancellationToken cancellation)
    {
        // The driver stops a statement on the thread that asks for it, over a connection that it must open first: that thread is the engine's.
        using var stop = new CancellationTokenSource();
        using var wish = cancellation.UnsafeRegister(static source => _ = ((CancellationTokenSource)source!).CancelAsync(), stop);
        var resolved = new ResolvedSecrets(secrets);
        var work = new SqlAttempt(target, attempt, resolved);
        NpgsqlConnectionStringBuilder? settings = null;
        try
        {
            settings = target.Connection?.Resolve(resolved) ?? new NpgsqlConnectionStringBuilder(options.Value.OwnPostgreSql);
            resolved.Remember(settings.Password ?? "");
            var values = work.Values(settings.SearchPath);
            return await _connections.UseAsync(settings, connection => work.RunAsync(connection, values, stop.Token), stop.Token);
        }
        catch (Exception failure) when (failure is TargetException or SecretMissingException)
        {
            return new Outcome.Failure(FailureKinds.Target, resolved.Mask(failure.Message));
        }
        catch (Exception failure) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The statement was stopped.", failure, cancellation);
        }
        catch (Exception failure)
        {
            return work.Failed(failure, settings is null ? "" : SqlConnections.PlaceOf(settings));
        }
    }
}
