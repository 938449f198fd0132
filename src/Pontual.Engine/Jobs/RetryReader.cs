using System.Text.Json;

namespace Pontual.Engine.Jobs;

/// <summary>Reads <c>retry: { attempts: 3, backoff: 5s..5m, on: [network, timeout] }</c>.</summary>
internal static class RetryReader
{
    /// <summary>Every key of a retry policy, in the order they are written.</summary>
    public static readonly string[] Keys = ["attempts", "backoff", "on"];

    private const string BackoffRule = "write the shortest and the longest wait, 5s..5m, or one wait, 5s; from 100ms to 7d";

    public static RetryPolicy? Read(DocumentObject job, ICollection<DocumentProblem> problems)
    {
        if (job.Get("retry") is not { } json || DocumentObject.Open(json, job.PathOf("retry"), problems, Keys) is not { } retry)
        {
            return null;
        }

        retry.Require("attempts", "say how many attempts there are in all, the first included: attempts: 3");
        var attempts = retry.Integer("attempts", 1, 100) ?? 1;
        var (first, most) = Backoff(retry) ?? (RetryPolicy.None.FirstDelay, RetryPolicy.None.MaxDelay);
        return new RetryPolicy(attempts, first, most, On(retry) ?? FailureKinds.Transient);
    }

    /// <summary><c>5s..5m</c>, or <c>5s</c> when both waits are the same.</summary>
    public static string Backoff(RetryPolicy retry) =>
        retry.FirstDelay == retry.MaxDelay
            ? Duration.Format(retry.FirstDelay)
            : $"{Duration.Format(retry.FirstDelay)}..{Duration.Format(retry.MaxDelay)}";

    private static (TimeSpan First, TimeSpan Most)? Backoff(DocumentObject retry)
    {
        if (retry.Text("backoff", 100, BackoffRule) is not { } text)
        {
            return null;
        }

        var ends = text.Split("..");
        if (ends.Length > 2 || !Duration.TryParse(ends[0], out var first) || !Duration.TryParse(ends[^1], out var most))
        {
            retry.Report("backoff", "duration", $"{DocumentText.Quote(text)} is not a wait", BackoffRule);
        }
        else if (first < TimeSpan.FromMilliseconds(100) || most > TimeSpan.FromDays(7) || most < first)
        {
            retry.Report("backoff", "range", $"{DocumentText.Quote(text)} is out of range", BackoffRule);
        }
        else
        {
            return (first, most);
        }

        return null;
    }

    private static FailureKinds? On(DocumentObject retry)
    {
        if (retry.Get("on") is not { } list)
        {
            return null;
        }

        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() is 0 or > 100)
        {
            retry.Report("on", "type", $"{DocumentText.Quote(list)} is not a list of failures", $"write a list of {Words()}");
            return null;
        }

        var kinds = FailureKinds.None;
        foreach (var (item, index) in list.EnumerateArray().Select((item, index) => (item, index)))
        {
            // 429 without quotes is a number to JSON and YAML, and a word to people.
            var word =
                item.ValueKind is JsonValueKind.Number ? item.GetRawText()
                : DocumentText.TryRead(item, out var text) ? text
                : "";
            if (!JobWords.Failures.TryGetValue(word, out var kind))
            {
                retry.Report(
                    "on",
                    "enum",
                    $"{DocumentText.Quote(item)} (number {index + 1}) is not a kind of failure",
                    $"{DidYouMean.Hint(word, JobWords.Failures.Keys)}use {Words()}"
                );
            }

            kinds |= kind;
        }

        return kinds;
    }

    private static string Words() => string.Join(", ", JobWords.Failures.Keys);
}
