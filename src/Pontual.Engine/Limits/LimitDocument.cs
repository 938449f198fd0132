using Pontual.Engine.Jobs;

namespace Pontual.Engine.Limits;

/// <summary>Reads and writes <c>limit: { key: "chip-{{parameters.chip}}", at-once: 1, rate: 20/1m, burst: 5 }</c>; of a queue without <c>key</c>.</summary>
public static class LimitDocument
{
    /// <summary>Keys of a queue's limit, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["at-once", "rate", "burst"];

    /// <summary>Keys of a job's limit, in the order they are written.</summary>
    public static IReadOnlyList<string> JobKeys { get; } = ["key", .. Keys];

    /// <summary>Reads the bound; reports what is wrong.</summary>
    /// <returns>Null exactly when a problem was reported.</returns>
    public static Limit? Read(DocumentObject document, ICollection<DocumentProblem> problems)
    {
        var before = problems.Count;
        var atOnce = document.Integer("at-once", 1, Limit.MostAtOnce);
        var rate = ReadRate(document);
        var burst = document.Integer("burst", 1, Rate.MostStarts);
        if (problems.Count > before)
        {
            return null;
        }

        if (atOnce is null && rate is null)
        {
            problems.Add(new(document.Path, "required", "a limit without a bound", "say 'at-once: 5', 'rate: 20/1m', or both"));
        }
        else if (burst is not null && rate is null)
        {
            document.Report("burst", "conflict", "a burst has no meaning without a rate", "add 'rate: 20/1m' or leave the burst out");
        }
        else if (burst > rate?.Count)
        {
            document.Report("burst", "range", $"{burst} is more than the {rate.Value.Count} of a period", $"use 1 to {rate.Value.Count}");
        }

        return problems.Count > before ? null : new Limit(atOnce, rate, burst ?? 1);
    }

    /// <summary>Reads a job's limit.</summary>
    internal static JobLimit? ReadOfJob(DocumentObject job, ICollection<DocumentProblem> problems)
    {
        if (job.Get("limit") is not { } json || DocumentObject.Open(json, job.PathOf("limit"), problems, JobKeys) is not { } document)
        {
            return null;
        }

        document.Require("key", "name what is limited: key: \"chip-{{parameters.chip}}\", or a text that several jobs share, key: erp");
        var key = ReadKey(document);
        var bound = Read(document, problems);
        return key is null || bound is null ? null : new JobLimit(key, bound);
    }

    /// <summary>The canonical shape; defaults omitted.</summary>
    public static System.Text.Json.Nodes.JsonObject Write(Limit bound, string? key = null)
    {
        var json = new System.Text.Json.Nodes.JsonObject();
        if (key is not null)
        {
            json["key"] = key;
        }

        if (bound.AtOnce is { } atOnce)
        {
            json["at-once"] = atOnce;
        }

        if (bound.Rate is { } rate)
        {
            json["rate"] = rate.ToString();
        }

        if (bound.Burst > 1)
        {
            json["burst"] = bound.Burst;
        }

        return json;
    }

    private static Rate? ReadRate(DocumentObject document)
    {
        if (document.Text("rate", 50, Rate.Rule) is not { } text)
        {
            return null;
        }

        if (Rate.TryParse(text, out var rate))
        {
            return rate;
        }

        document.Report("rate", "rate", $"{DocumentText.Quote(text)} is not a rate", Rate.Rule);
        return null;
    }

    private static string? ReadKey(DocumentObject document)
    {
        if (document.Text("key", JobLimit.LongestKey) is not { } key)
        {
            return null;
        }

        TemplateText.Cut(key, JobLimit.Knows, JobLimit.Variables, out var problem);
        if (key.Trim().Length == 0 || key.Any(char.IsControl))
        {
            document.Report(
                "key",
                "text",
                $"{DocumentText.Quote(key)} names nothing",
                "use visible letters on one line: chip-{{parameters.chip}}"
            );
        }
        else if (problem?.Split(": ", 2) is [var message, var fix])
        {
            document.Report("key", "template", message, fix);
        }
        else
        {
            return key;
        }

        return null;
    }
}
