using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Jobs;

namespace Pontual.Storage.Requests;

/// <summary>The request for a schedule and a statement, as cron.schedule writes it; or to unschedule.</summary>
internal static class CronRequest
{
    public const string Kind = "cron";
    private const string Seconds = " second";

    /// <summary>The job as it is wished; null to remove it.</summary>
    /// <exception cref="InvalidDataException">The schedule or the statement is none; the message says why.</exception>
    public static JobDefinition? Read(string args, JobDefinition job)
    {
        var wish = JsonNode.Parse(args)!.AsObject();
        if (wish.ContainsKey("remove"))
        {
            return null;
        }

        var document = JobDocument.Write(job);
        document["schedule"] = Schedule((string)wish["schedule"]!, (string)wish["zone"]!);
        var target = document["target"]!["sql"]!.AsObject();
        target["statement"] = (string)wish["command"]!;
        var problems = new List<DocumentProblem>();
        var read = JobDocument.Read(JsonSerializer.SerializeToElement(document), "", problems);
        return read?.In(job.Name.Tenant)
            ?? throw new InvalidDataException(string.Join("; ", problems.Select(problem => $"{problem.Message}: {problem.Fix}")));
    }

    /// <summary>"30 seconds" counts; '$' is the last day of a month, which others write L.</summary>
    private static JsonObject Schedule(string text, string zone) =>
        text.IndexOf(Seconds, StringComparison.OrdinalIgnoreCase) is > 0 and var end
            ? new JsonObject { ["every"] = $"{text[..end]}s" }
            : new JsonObject { ["cron"] = text.Replace('$', 'L'), ["zone"] = zone };
}
