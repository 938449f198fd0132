using System.Text.Json;
using Pontual.Engine.Runs;

namespace Pontual.Server.Compat;

/// <summary>A run as the documents' front end reads it.</summary>
internal sealed record CronRunView(string? Inicio, string? Fim, string Status, long? DuracaoSegundos, JsonElement? Resultado, string? Erro)
{
    public static CronRunView Of(Run run) =>
        new(
            CronJobView.Instant(run.StartedAt),
            CronJobView.Instant(run.FinishedAt),
            run.FinishedAt is null ? "running" : CronJobView.Status(run.State),
            run.Duration is { } took ? (long)Math.Round(took.TotalSeconds, MidpointRounding.AwayFromZero) : null,
            Json(run.Result),
            run.Error
        );

    private static JsonElement? Json(string? text)
    {
        try
        {
            return text is null ? null : JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
