using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Schedules;

namespace Pontual.Engine.Explaining;

/// <summary>Why a row of the ledger came out as it did.</summary>
internal sealed class RunStory(WhyFacts facts, Teller teller)
{
    /// <summary>Starting takes moments: below this nothing is called late.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    public Explanation Tell(Run run)
    {
        teller.Fact("asked about", facts.At).Run(run).Fact("trigger", run.Trigger.ToString().ToLowerInvariant());
        return run.State switch
        {
            RunState.Succeeded => teller.Tell(Verdicts.Ran, $"{Began(run)}, and ended well{Took(run)}.", run),
            RunState.Failed => teller.Tell(Verdicts.Failed, $"{Began(run)}, and failed{Took(run)}: {Failure(run)}.", run),
            RunState.Cancelled => teller.Tell(Verdicts.Cancelled, Cancelled(run), run),
            RunState.Running => teller.Tell(Verdicts.Running, $"{Began(run)}, and runs still.", run),
            RunState.Skipped => Skipped(run),
            _ => new NowStory(facts, teller).Waiting(run),
        };
    }

    /// <summary>What went wrong, in words.</summary>
    public static string Failure(Run run) =>
        run.Reason switch
        {
            RunReason.Timeout => "an attempt took longer than the job's timeout",
            RunReason.LeaseLost => $"the node {run.Node} that ran it was lost",
            RunReason.Reset => "the job was reset while it ran",
            RunReason.CircuitOpen => $"its target was not called, for the circuit to it was open{Error(run)}",
            RunReason.Target => $"its target cannot be run as it is written{Error(run)}",
            _ => run.Error is { } error ? Teller.Line(error) : "no error was told",
        };

    private static string Error(Run run) => run.Error is { } error ? $" ({Teller.Line(error)})" : "";

    // Of a skipped run the text says which calendar, and what that calls the time.
    private static string LeftOut(Run run) => run.Error is { } detail ? $" ({detail})" : "";

    private static string Took(Run run)
    {
        var attempts = run.Attempt > 1 ? $" in {run.Attempt} attempts" : "";
        return run.Duration is { } duration ? $" after {Teller.Span(duration)}{attempts}" : attempts;
    }

    private string Began(Run run)
    {
        var what =
            run.Trigger is RunTrigger.Schedule ? $"It ran: due {teller.Time(run.DueAt)}" : $"It was asked for at {teller.Time(run.DueAt)}";
        if (run.StartedAt is not { } start)
        {
            return what;
        }

        var lateness = start - facts.RealOf(run.DueAt);
        teller.Fact("late by", Teller.Span(lateness));
        return lateness < Late
            ? $"{what}, it started {Teller.Span(lateness)} later on {run.Node}"
            : $"{what}, it started {Teller.Span(lateness)} late on {run.Node}, because {WhyLate(run, start)}";
    }

    private string WhyLate(Run run, DateTimeOffset start)
    {
        var due = facts.RealOf(run.DueAt);
        var staffing = new Staffing(facts.Nodes, facts.RealOf(facts.Now));
        if (staffing.FirstAfterGap(due) is { } first)
        {
            return $"{Outage(staffing, first, due)}; it was caught up with ({CatchUpWords()})";
        }

        if (Blocking(run.DueAt, run.Id) is { } before && before.FinishedAt is { } ended && ended <= start.AddSeconds(5))
        {
            teller.Run(before, "run before");
            return $"run {before.Id} of the same job ended only at {teller.Clock(ended)} (overlap: {Word(facts.Job)})";
        }

        if (facts.Job?.Definition.Limit is { } limit)
        {
            teller.Fact("limit", $"{limit.Key}: {limit.Bound}");
            return $"most likely the limit of '{limit.Key}' ({limit.Bound}) held it";
        }

        return run.Attempt > 1 && run.Reason is RunReason.LeaseLost
            ? "the node that had taken it was lost"
            : $"no place for it was free in the queue '{run.Queue}', or no node was there that runs its kind";
    }

    /// <summary>That nobody planned at an instant, in words.</summary>
    private string Outage(Staffing staffing, Nodes.NodeRecord first, DateTimeOffset due)
    {
        var last = staffing.LastBefore(due);
        teller.Fact("last node before", last?.Id).Fact("it was there until", last is null ? null : staffing.End(last));
        teller.Fact("first node after", first.Id).Fact("it started", first.StartedAt);
        var since = last is null ? "" : $" from {teller.Clock(staffing.End(last)!.Value)}";
        return $"no scheduler was there{since} until {teller.Clock(first.StartedAt)}";
    }

    private string Cancelled(Run run) =>
        run.Reason switch
        {
            RunReason.Superseded =>
                $"The run due {teller.Time(run.DueAt)} was cancelled: a newer one was due, and the overlap policy lets it take the place.",
            RunReason.JobRemoved => $"The run due {teller.Time(run.DueAt)} was cancelled: the job was removed.",
            RunReason.Stuck => $"{Began(run)}, and was stopped{Took(run)}: it still ran when the stuck limit had passed.",
            _ when facts.Changes.FirstOrDefault(entry => entry.Subject == run.Id.ToString()) is { } by =>
                $"The run due {teller.Time(run.DueAt)} was cancelled by {by.By.Name} at {teller.Clock(by.At)}{Reason(by.By.Reason)}.",
            _ => $"The run due {teller.Time(run.DueAt)} was cancelled: somebody asked for it.",
        };

    private Explanation Skipped(Run run)
    {
        var due = facts.At is { } at && run.DueUntil is not null && at > run.DueAt ? at : run.DueAt;
        if (run.DueUntil is { } until)
        {
            teller
                .Fact("skipped from", run.DueAt)
                .Fact("skipped until", until)
                .Fact("due times skipped", run.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return teller.Tell(Verdicts.Skipped, $"It did not run at {teller.Time(due)}: {WhySkipped(run, due)}.", run);
    }

    private string WhySkipped(Run run, DateTimeOffset due) =>
        run.Reason switch
        {
            RunReason.Overlap => WhyOverlap(due, run.Id),
            RunReason.Paused => WhyPaused(due),
            RunReason.ExcludedDay => $"its calendars leave the day out{LeftOut(run)}",
            RunReason.Window => $"its calendars leave the time out{LeftOut(run)}",
            RunReason.CatchUp => WhyMissed(due),
            RunReason.Superseded => $"a newer due time took its place{Instead(", ")}",
            _ => run.Reason ?? "no reason is on record",
        };

    private string WhyOverlap(DateTimeOffset due, Guid skipped)
    {
        var policy = $"the overlap policy is {Word(facts.Job)}";
        if (Blocking(due, skipped) is not { } before)
        {
            return $"an earlier run of the job was still active, and {policy}";
        }

        teller.Run(before, "active run");
        var end = before.FinishedAt is { } ended ? $" and ended at {teller.Clock(ended)}" : " and runs still";
        return $"run {before.Id} of it, due {teller.Clock(before.DueAt)}, was still active{end}, and {policy}";
    }

    private string WhyPaused(DateTimeOffset due)
    {
        var change = new ChangeLog(facts.Changes).PauseAt(facts.RealOf(due));
        var pause = facts.Job?.Paused is { } now && now.HoldsAt(due) ? now : change?.Pause;
        return pause is null ? "the job was paused" : PauseWords(pause);
    }

    /// <summary>A pause in words.</summary>
    public string PauseWords(Pause pause)
    {
        teller.Fact("paused by", pause.By).Fact("paused since", pause.Since).Fact("paused until", pause.Until).Fact("reason", pause.Reason);
        var by = pause.By is null ? "" : $" by {pause.By}";
        var until = pause.Until is { } end ? $", until {teller.Clock(end)}" : "";
        return $"the job was paused{by} at {teller.Clock(pause.Since)}{until}{Reason(pause.Reason)}";
    }

    private string WhyMissed(DateTimeOffset due)
    {
        var staffing = new Staffing(facts.Nodes, facts.RealOf(facts.Now));
        var outage = staffing.FirstAfterGap(facts.RealOf(due)) is { } first
            ? Outage(staffing, first, facts.RealOf(due))
            : "it was missed while no scheduler was there";
        return $"{outage}, and of what was missed {CatchUpWords()}{Instead("; ")}";
    }

    private string CatchUpWords() =>
        facts.Job?.Definition switch
        {
            { CatchUp: CatchUp.None } => "nothing is caught up with (catch-up: none)",
            { CatchUp: CatchUp.Latest } => "only the latest is caught up with (catch-up: latest)",
            { CatchUp: CatchUp.All } job => $"what is at most {Duration.Format(job.CatchUpWindow)} old is caught up with (catch-up: all)",
            _ => "the catch-up policy left it out",
        };

    private string Instead(string join)
    {
        if (facts.Next is not { } next)
        {
            return "";
        }

        teller.Run(next, "run after");
        return $"{join}the next to run was due {teller.Clock(next.DueAt)}";
    }

    /// <summary>The run of the job that was active at a due time.</summary>
    private Run? Blocking(DateTimeOffset due, Guid except)
    {
        var real = facts.RealOf(due);
        return facts.Runs.FirstOrDefault(run =>
            run.Id != except
            && run.StartedAt <= real.AddSeconds(1)
            && (run.FinishedAt is null || run.FinishedAt >= real)
            && run.State is not RunState.Skipped
        );
    }

    private static string Reason(string? reason) => string.IsNullOrWhiteSpace(reason) ? "" : $" (\"{Teller.Line(reason)}\")";

    private static string Word(Job? job) => job is null ? "not known any more" : JobWords.Of(JobWords.Overlaps, job.Definition.Overlap);
}
