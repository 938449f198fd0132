using System.Globalization;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;

namespace Pontual.Server.Compat;

/// <summary>A job as the documents' front end reads it (S2-04).</summary>
internal sealed record CronJobView(
    string Nome,
    string? Descricao,
    int IntervaloHoras,
    bool Ativo,
    string? LastRun,
    string? NextRun,
    long TotalExecucoes,
    long? UltimaDuracaoSegundos,
    string UltimoStatus,
    bool DeveExecutarAgora,
    string StatusDescricao
)
{
    public static CronJobView Of(IntervalJob job, DateTimeOffset now) =>
        new(
            job.Job.Name.Text,
            job.Job.Definition.Description,
            job.Hours,
            job.IsActive(now),
            Instant(job.LastRun),
            Instant(job.NextRun),
            job.Job.Totals.Runs,
            job.LastDuration is { } took ? (long)Math.Round(took.TotalSeconds, MidpointRounding.AwayFromZero) : null,
            job.OpenSince is not null ? "running" : Status(job.LastState),
            job.IsDue(now),
            Describe(job, now)
        );

    /// <summary>Whole seconds, in UTC.</summary>
    public static string? Instant(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The documents' word for how a run ended; null for none that did.</summary>
    public static string Status(RunState? state) =>
        state switch
        {
            null or RunState.Pending => "pending",
            RunState.Running => "running",
            RunState.Succeeded => "success",
            _ => "error",
        };

    private static string Describe(IntervalJob job, DateTimeOffset now) =>
        !job.IsActive(now) ? "Desativado"
        : job.OpenSince is not null ? "Em execução"
        : job.Job.Totals.LastState switch
        {
            null => "Nunca executado",
            RunState.Succeeded => "Última execução: sucesso",
            _ => "Última execução: erro",
        };
}

/// <summary>All of them.</summary>
internal sealed record CronJobsView(bool Success, string Versao, IReadOnlyList<CronJobView> CronJobs);

/// <summary>What an action came to.</summary>
internal sealed record CronActionView(bool Success, string Action, string JobName, string Message)
{
    /// <summary>Of the action "history" only.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CronRunView>? Historico { get; init; }
}

/// <summary>Why nothing was done.</summary>
internal sealed record CronErrorView(bool Success, string Error);
