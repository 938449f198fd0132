using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Jobs;
using Pontual.Engine.Requests;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Compat;

/// <summary>The administration of a persistent cron as its document has it (S2-04, S2-05).</summary>
internal static class SyncCronApi
{
    private const string Path = "/api/admin/sync-cron";
    private const int LongestHistory = 50;
    private static readonly string[] Actions = ["enable", "disable", "run_now", "update_interval", "reset", "history"];

    public static void MapSyncCron(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(Path, List)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ListSyncCron")
            .WithSummary("Jobs that run every so many whole hours, in the words of a persistent cron.")
            .Produces<CronJobsView>();
        routes
            .MapPost(Path, Act)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody(
                "{ \"action\": enable, disable, run_now, update_interval, reset or history, \"job_name\": …, \"intervalo_horas\": … }"
            )
            .WithName("ActOnSyncCron")
            .WithSummary("Acts on one of those jobs; update_interval needs the scope admin.")
            .Produces<CronActionView>()
            .Produces<CronErrorView>(StatusCodes.Status403Forbidden)
            .Produces<CronErrorView>(StatusCodes.Status404NotFound)
            .Produces<CronErrorView>(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> List(
        ClaimsPrincipal caller,
        IIntervalJobStore jobs,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        var found = await jobs.ListAsync(caller.Tenant(), now, cancellation);
        return TypedResults.Ok(new CronJobsView(true, "persistente", [.. found.Select(job => CronJobView.Of(job, now))]));
    }

    private static async Task<IResult> Act(HttpContext context, SyncCron cron, CancellationToken cancellation)
    {
        var parsed = StrictJson.Parse(await StrictJson.ReadBytesAsync(context.Request));
        if (!parsed.IsJson(out var json, out _) || json.Value.ValueKind is not JsonValueKind.Object)
        {
            return Unprocessable("o corpo deve ser um objeto JSON com action e job_name");
        }

        var action = Text(json.Value, "action");
        if (action is null || !Actions.Contains(action))
        {
            return Unprocessable($"ação {Quoted(action)} desconhecida: use {string.Join(", ", Actions)}");
        }

        if (Text(json.Value, "job_name") is not { } text)
        {
            return Unprocessable("falta job_name, o nome do job");
        }

        if (!JobName.TryParse(text, out var name) || await cron.FindAsync(name.In(context.User.Tenant()), cancellation) is not { } job)
        {
            return Refused(StatusCodes.Status404NotFound, $"não há job {Quoted(text)} que execute a cada tantas horas");
        }

        if (action != "update_interval")
        {
            return await ActAsync(cron, job, action, context.Actor(), cancellation);
        }

        if (!context.User.Has(TokenScope.Admin))
        {
            return Refused(StatusCodes.Status403Forbidden, "update_interval precisa de um token com o escopo admin");
        }

        return
            json.Value.TryGetProperty("intervalo_horas", out var said)
            && said.ValueKind is JsonValueKind.Number
            && said.TryGetInt32(out var hours)
            && hours is >= 1 and <= IntervalJob.LongestHours
            ? await EditAsync(
                cron,
                job,
                action,
                new IntervalEdit { Hours = hours, By = context.Actor() },
                $"Intervalo alterado para {hours} horas",
                cancellation
            )
            : Unprocessable($"intervalo_horas deve ser um número inteiro de 1 a {IntervalJob.LongestHours}");
    }

    private static async Task<IResult> ActAsync(SyncCron cron, JobName job, string action, Actor by, CancellationToken cancellation) =>
        action switch
        {
            "enable" => await EditAsync(cron, job, action, new IntervalEdit { IsActive = true, By = by }, "Job ativado", cancellation),
            "disable" => await EditAsync(cron, job, action, new IntervalEdit { IsActive = false, By = by }, "Job desativado", cancellation),
            "reset" => await EditAsync(
                cron,
                job,
                action,
                new IntervalEdit { Reset = true, By = by },
                "Status do job redefinido",
                cancellation
            ),
            "run_now" => await cron.RunAsync(job, by, cancellation) switch
            {
                RunNowResult.Queued => TypedResults.Ok(Done(action, job, "Execução iniciada")),
                RunNowResult.AlreadyActive => Unprocessable($"o job {Quoted(job.Text)} já está em execução"),
                RunNowResult.ParameterMissing missing => Unprocessable(
                    $"o limite do job {Quoted(job.Text)} precisa do parâmetro {missing.Parameter}"
                ),
                _ => Gone(job),
            },
            _ => TypedResults.Ok(
                Done(action, job, "Histórico de execuções") with
                {
                    Historico = await cron.HistoryAsync(job, LongestHistory, cancellation),
                }
            ),
        };

    private static async Task<IResult> EditAsync(
        SyncCron cron,
        JobName job,
        string action,
        IntervalEdit edit,
        string message,
        CancellationToken cancellation
    ) => await cron.EditAsync(job, edit, cancellation) ? TypedResults.Ok(Done(action, job, message)) : Gone(job);

    private static CronActionView Done(string action, JobName job, string message) => new(true, action, job.Text, message);

    private static IResult Gone(JobName job) => Refused(StatusCodes.Status404NotFound, $"o job {Quoted(job.Text)} foi removido");

    private static IResult Unprocessable(string error) => Refused(StatusCodes.Status422UnprocessableEntity, error);

    private static IResult Refused(int status, string error) => TypedResults.Json(new CronErrorView(false, error), statusCode: status);

    private static string Quoted(string? text) => text is null ? "ausente" : DocumentText.Quote(text);

    private static string? Text(JsonElement body, string key) =>
        body.TryGetProperty(key, out var value) && DocumentText.TryRead(value, out var text) ? text : null;
}
