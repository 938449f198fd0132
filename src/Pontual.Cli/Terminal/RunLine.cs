using System.Globalization;
using Pontual.Engine.Events;
using Pontual.Engine.Runs;

namespace Pontual.Cli.Terminal;

/// <summary>What happened to a run, as one line of markup; two where the terminal is narrow.</summary>
internal static class RunLine
{
    private const int NameWidth = 20;
    private const int LongestWhy = 70;
    private const int Indent = 10;
    private const int NarrowestText = 20;

    /// <returns>The line; null when the news is not worth one.</returns>
    public static string? Of(RunEvent news, int width)
    {
        var run = news.Run;
        var state = news.Kind switch
        {
            RunEventKind.Retrying when run.Reason == RunReason.Interrupted => "handed back",
            RunEventKind.Retrying when run.Reason == RunReason.RateLimited => "held back",
            RunEventKind.Retrying => "retrying",
            RunEventKind.Skipped => "skipped",
            RunEventKind.Ended => run.State.ToString().ToLowerInvariant(),
            _ => null,
        };
        if (state is null)
        {
            return null;
        }

        var time = TimeZoneInfo.ConvertTime(news.At, TimeZoneInfo.Local).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var facts = Facts(news.Kind, run);
        var head = $"[grey]{time}[/]  {Words.Escape(run.Job.ToString().PadRight(NameWidth))} [{Words.Colour(state)}]{state, -11}[/]";
        var headWidth = time.Length + 2 + Math.Max(NameWidth, run.Job.ToString().Length) + 1 + 11;
        return headWidth + 2 + facts.Length <= width
            ? $"{head}  {Words.Escape(facts)}"
            : string.Join(
                Environment.NewLine,
                Wrapped(facts, width - Indent).Select(part => new string(' ', Indent) + Words.Escape(part)).Prepend(head)
            );
    }

    /// <summary>Breaks a text between words into lines of a width; a longer word stays whole.</summary>
    private static List<string> Wrapped(string text, int width)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > Math.Max(width, NarrowestText))
            {
                lines.Add("");
            }

            lines[^1] += lines[^1].Length == 0 ? word : $" {word}";
        }

        return lines;
    }

    private static string Facts(RunEventKind kind, Run run)
    {
        var parts = new List<string>();
        if (kind is RunEventKind.Skipped)
        {
            parts.Add(run.Count > 1 ? $"{run.Count} due times, {run.Reason}" : run.Reason ?? "");
            return string.Join("  ", parts);
        }

        parts.Add(Words.Span(run.Duration?.TotalMilliseconds));
        parts.Add(run.Lateness is { } late ? $"{Words.Span(late.TotalMilliseconds)} late" : "");
        parts.Add(run.Attempt > 1 || (kind is RunEventKind.Retrying && run.Attempt > 0) ? $"attempt {run.Attempt}" : "");
        parts.Add(run.ItemsProcessed is { } items ? $"{items} item{(items == 1 ? "" : "s")}" : "");
        parts.Add(Why(run));
        return string.Join("  ", parts.Where(part => part.Length > 0));
    }

    private static string Why(Run run)
    {
        var why = (run.Error ?? run.Reason ?? "").ReplaceLineEndings(" ");
        return why.Length > LongestWhy ? why[..LongestWhy] + "…" : why;
    }
}
