using System.Globalization;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Scheduling.Zones;

namespace Pontual.Engine.Explaining;

/// <summary>How an explanation says things: times by one zone's clocks, spans in words, facts in order.</summary>
internal sealed class Teller(Zone zone)
{
    private readonly List<WhyFact> _facts = [];

    public IReadOnlyList<WhyFact> Facts => _facts;

    /// <summary>Notes a fact; null says nothing.</summary>
    public Teller Fact(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _facts.Add(new WhyFact(name, value));
        }

        return this;
    }

    /// <summary>Notes an instant, exactly.</summary>
    public Teller Fact(string name, DateTimeOffset? instant) => Fact(name, instant is { } known ? Exact(known) : null);

    /// <summary>Notes what is to say of a run.</summary>
    public Teller Run(Run run, string name = "run")
    {
        Fact(name, run.Id.ToString());
        Fact($"{name} due", run.DueAt);
        Fact($"{name} started", run.StartedAt);
        Fact($"{name} ended", run.FinishedAt);
        Fact($"{name} state", WordOf(run));
        Fact($"{name} node", run.Node);
        return this;
    }

    public Explanation Tell(string verdict, string sentence, Run? run = null) => new(verdict, sentence, [.. _facts]) { Run = run?.Id };

    /// <summary>An instant by the schedule's clocks: to the second, and no finer than it is.</summary>
    public string Time(DateTimeOffset instant) =>
        $"{zone.ToLocal(instant).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({zone.Id})";

    /// <summary>The same without its zone, for the second time in a sentence.</summary>
    public string Clock(DateTimeOffset instant) => zone.ToLocal(instant).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A span as people say it: "12 ms", "3.2 s", "5m30s".</summary>
    public static string Span(TimeSpan span) =>
        span < TimeSpan.FromSeconds(1) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalMilliseconds):0} ms")
        : span < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s")
        : Duration.Format(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)));

    /// <summary>A text of somebody else's in one line, without its last full stop.</summary>
    public static string Line(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length <= 200 ? line : line[..200] + "…";
    }

    private static string WordOf(Run run)
    {
        var state = run.State.ToString().ToLowerInvariant();
        return run.Reason is null ? state : $"{state} ({run.Reason})";
    }

    private static string Exact(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
