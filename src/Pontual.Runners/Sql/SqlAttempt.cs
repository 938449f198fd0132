using System.Globalization;
using Npgsql;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Runners.Http;

namespace Pontual.Runners.Sql;

/// <summary>One attempt at a statement, on a connection of its own.</summary>
/// <remarks>The text goes to the server as it stands, without a transaction of ours: so VACUUM and procedures that commit can be run. Several statements in
/// one text are one transaction by PostgreSQL's own rule, unless they say otherwise. Only behind a pooler that shares sessions there is a transaction around it.</remarks>
internal sealed class SqlAttempt(SqlTarget target, AttemptContext attempt, ResolvedSecrets secrets)
{
    /// <summary>PostgreSQL cuts longer ones, with a notice.</summary>
    private const int LongestApplicationName = 63;

    /// <summary>What the session gets before the statement.</summary>
    /// <param name="searchPath">As the connection string says; null for the server's own.</param>
    /// <exception cref="TargetException">The run lacks a parameter.</exception>
    /// <exception cref="SecretMissingException">A secret is missing.</exception>
    public IReadOnlyList<(string Name, string Value)> Values(string? searchPath)
    {
        var run = attempt.Leased.Run;
        var name = $"pontual {run.Job}";
        var variables = new TemplateValues(attempt);
        return
        [
            .. searchPath is null ? [] : new[] { ("search_path", searchPath) },
            ("application_name", name.Length > LongestApplicationName ? name[..LongestApplicationName] : name),
            ("pontual.run_id", run.Id.ToString("D")),
            ("pontual.job", run.Job.Text),
            ("pontual.tenant", run.Job.Tenant.ToString()),
            ("pontual.attempt", run.Attempt.ToString(CultureInfo.InvariantCulture)),
            ("pontual.scheduled_for", TemplateValues.Instant(run.DueAt)),
            ("pontual.parameters", run.Parameters ?? "{}"),
            .. target.Settings.Select(setting => (setting.Name, setting.Value.Render(variables, secrets))),
        ];
    }

    public async Task<Outcome> RunAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(string Name, string Value)> values,
        CancellationToken stop
    )
    {
        connection.Notice += (_, told) =>
            Print($"{told.Notice.InvariantSeverity}: {told.Notice.MessageText}", told.Notice.Detail, told.Notice.Hint, context: null);
        await using var transaction = await SessionStore.SetAsync(connection, values, stop)
            ? await connection.BeginTransactionAsync(stop)
            : null;
        if (transaction is not null)
        {
            await SessionStore.SetAsync(connection, values, stop);
        }

        if (!attempt.MayGoOn())
        {
            return new Outcome.Interrupted();
        }

        var answer = await ExecuteAsync(connection, stop);
        if (transaction is not null)
        {
            await transaction.CommitAsync(stop);
        }
        else if (await IsInTransactionAsync(connection))
        {
            return new Outcome.Failure(
                FailureKinds.Target,
                "The statement began a transaction and did not end it, so that nothing of it was kept: end it with COMMIT, or leave BEGIN out"
            );
        }

        return answer.ToSuccess(attempt.Output);
    }

    /// <summary>What an exception came to; what PostgreSQL says besides goes to the output.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="place">Where the statement was to run.</param>
    public Outcome Failed(Exception failure, string place)
    {
        if (failure is PostgresException refused)
        {
            Print($"{refused.InvariantSeverity}: {refused.MessageText}", refused.Detail, refused.Hint, refused.Where);
        }

        var (kind, message) = SqlFailure.Of(failure, place);
        return new Outcome.Failure(kind, secrets.Mask(message));
    }

    private async Task<StatementAnswer> ExecuteAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(target.Statement, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await StatementAnswer.ReadAsync(reader, secrets, stop);
    }

    /// <summary>Whether the statement left a transaction open. The driver knows, and says so by refusing another; beginning one sends nothing yet.</summary>
    private static async Task<bool> IsInTransactionAsync(NpgsqlConnection connection)
    {
        try
        {
            _ = await connection.BeginTransactionAsync(CancellationToken.None);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private void Print(string line, string? detail, string? hint, string? context)
    {
        Write(line);
        foreach (var (word, more) in new[] { ("DETAIL", detail), ("HINT", hint), ("CONTEXT", context) })
        {
            if (!string.IsNullOrEmpty(more))
            {
                Write($"{word}: {more}");
            }
        }
    }

    private void Write(string line) => attempt.Output.WriteLine(secrets.Mask(line));
}
