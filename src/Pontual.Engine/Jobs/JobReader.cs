using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Limits;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Jobs;

/// <summary>Reads the keys of one job. Each method reads one key and reports what is wrong with it; the caller drops the job when anything was.</summary>
internal sealed partial class JobReader(
    DocumentObject job,
    ICollection<DocumentProblem> problems,
    Func<Target, IEnumerable<DocumentProblem>>? checkTarget
)
{
    /// <summary>The longest duration a job may ask for where nothing tighter holds.</summary>
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    /// <returns>Null when there is no name or no target to make a job of.</returns>
    public JobDefinition? Read()
    {
        var name = Name("name");
        var target = ReadTarget();
        var (schedule, scheduleDocument) = job.Get("schedule") is { } written
            ? new ScheduleReader(problems, name?.ToString() ?? "").Read(written, job.PathOf("schedule"))
            : (ManualSchedule.Instance, null);
        var overlap = job.TryWord("overlap", JobWords.Overlaps, out var saidOverlap) ? saidOverlap : Overlap.Skip;
        var catchUp = job.TryWord("catch-up", JobWords.CatchUps, out var saidCatchUp) ? saidCatchUp : CatchUp.Latest;
        var description = Description();
        var timeout = job.Span("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        var window = CatchUpWindow(catchUp);
        var retry = RetryReader.Read(job, problems);
        var queue = job.Has("queue") ? Name("queue") : null;
        var concurrency = Concurrency(overlap);
        var critical = job.Flag("critical") ?? false;
        var sla = Sla();
        var priority = job.Integer("priority", -10, 10) ?? 0;
        var limit = ReadLimit(schedule);
        var log = Log();
        CheckWorker(target);
        return name is null || target is null
            ? null
            : new JobDefinition
            {
                Name = name.Value,
                Description = description,
                Schedule = schedule,
                ScheduleDocument = scheduleDocument,
                Target = target,
                Timeout = timeout ?? JobDefinition.DefaultTimeout,
                Overlap = overlap,
                CatchUp = catchUp,
                CatchUpWindow = window ?? JobDefinition.DefaultCatchUpWindow,
                Retry = retry ?? RetryPolicy.None,
                Critical = critical,
                Sla = sla,
                Queue = queue?.ToString() ?? JobDefinition.DefaultQueue,
                Priority = priority,
                Concurrency = concurrency,
                Limit = limit,
                Log = log,
            };
    }

    private JobName? Name(string key)
    {
        if (key == "name" && !job.Require("name", $"give the job a name: {JobName.Rule}"))
        {
            return null;
        }

        if (job.Text(key, DocumentText.LongestText) is not { } text)
        {
            return null;
        }

        if (JobName.TryParse(text, out var name))
        {
            return name;
        }

        job.Report(key, "name", $"{DocumentText.Quote(text)} is not a name", JobName.Rule);
        return null;
    }

    private string? Description()
    {
        var text = job.Text("description", 1000)?.Trim();
        if (text is not null && text.Any(char.IsControl))
        {
            job.Report("description", "text", "a description is one line", "leave out line breaks, tabs and other control characters");
        }

        return text is { Length: 0 } ? null : text;
    }

    private TimeSpan? CatchUpWindow(CatchUp catchUp)
    {
        var window = job.Span("catch-up-window", TimeSpan.FromSeconds(1), Year);
        if (window is not null && catchUp is not CatchUp.All)
        {
            job.Report(
                "catch-up-window",
                "conflict",
                "a window has no meaning without 'catch-up: all'",
                "add 'catch-up: all' or leave the window out"
            );
        }

        return window;
    }

    private int? Concurrency(Overlap overlap)
    {
        var concurrency = job.Integer("concurrency", 1, 10_000);
        if (concurrency is not null && overlap is not Overlap.Allow)
        {
            job.Report(
                "concurrency",
                "conflict",
                "without 'overlap: allow' one run at a time is all there is",
                "add 'overlap: allow' or leave concurrency out"
            );
        }

        return concurrency;
    }

    private JobLimit? ReadLimit(Schedule? schedule)
    {
        var limit = LimitDocument.ReadOfJob(job, problems);
        if (limit is { NeedsParameters: true } && schedule is not (null or ManualSchedule))
        {
            job.Report(
                "limit",
                "conflict",
                "its key needs parameters, and a run that the schedule makes has none",
                "use a key without parameters, such as {{job}}, or leave the schedule out"
            );
        }

        return limit;
    }

    private TimeSpan? Sla() =>
        job.Get("sla") is { } sla && DocumentText.TryRead(sla, out var text) && text == "auto"
            ? null
            : job.Span("sla", TimeSpan.FromSeconds(1), Year);

    private string? Log()
    {
        var log = job.Text("log", 1024);
        if (log is null)
        {
            return null;
        }

        if (log.Trim().Length == 0 || log.Any(char.IsControl))
        {
            job.Report("log", "path", $"{DocumentText.Quote(log)} is not a path", "name a file, for example logs/my-job.log");
        }
        else if (log.EndsWith('/') || log.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            job.Report("log", "path", $"{DocumentText.Quote(log)} is not the path of a file below one folder", "name a file, without '..'");
        }

        return log;
    }

    private void CheckWorker(Target? target)
    {
        if (target?.Kind != WorkerTask.Kind)
        {
            return;
        }

        if (job.Has("queue"))
        {
            job.Report("queue", "conflict", "the runs of a worker's job wait in the queue of its task", "leave the queue out");
        }

        if (job.Has("log"))
        {
            job.Report("log", "conflict", "no node runs a worker's job, so none can write its log file", "leave the log out");
        }
    }

    private Target? ReadTarget()
    {
        const string Kinds = "exactly one of http, process, handler, sql or worker, for example { http: { url: \"https://…\" } }";
        if (
            !job.Require("target", $"say what to run: {Kinds}")
            || DocumentObject.Open(job.Get("target")!.Value, job.PathOf("target"), problems) is not { } document
        )
        {
            return null;
        }

        var kinds = document.Keys.ToList();
        if (kinds.Count != 1)
        {
            job.Report("target", "target", $"a target has one kind, and here are {kinds.Count}", $"write {Kinds}");
            return null;
        }

        var settings = document.Get(kinds[0])!.Value;
        if (!KindShape().IsMatch(kinds[0]))
        {
            document.Report(kinds[0], "target", $"{DocumentText.Quote(kinds[0])} is not a kind of target", $"write {Kinds}");
            return null;
        }

        if (settings.ValueKind is not JsonValueKind.Object)
        {
            document.Report(kinds[0], "type", $"the settings of {kinds[0]} are an object", $"write {kinds[0]}: {{ … }}");
            return null;
        }

        return Checked(new Target(kinds[0], settings.Clone()), document.PathOf(kinds[0]));
    }

    private Target Checked(Target target, string path)
    {
        // A runner may take texts for granted: what cannot even be a text is not shown to it.
        var unreadable = new List<DocumentProblem>();
        DocumentText.Check(target.Settings, path, unreadable);
        if (checkTarget is not null && unreadable.Count == 0)
        {
            foreach (var problem in checkTarget(target))
            {
                problems.Add(problem with { Path = path + problem.Path });
            }
        }

        return target;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,31}\z")]
    private static partial Regex KindShape();
}
