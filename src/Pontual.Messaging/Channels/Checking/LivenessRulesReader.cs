using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Reads what counts otherwise than usual: <c>{"rules": {"unacknowledged": "5m", "attempts-per-minute": 10}}</c>.</summary>
internal static class LivenessRulesReader
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private static readonly Dictionary<string, Func<LivenessRules, TimeSpan, LivenessRules>> Spans = new(StringComparer.Ordinal)
    {
        ["silence"] = (rules, span) => rules with { Silence = span },
        ["unacknowledged"] = (rules, span) => rules with { Unacknowledged = span },
        ["unheard"] = (rules, span) => rules with { Unheard = span },
        ["stuck-connecting"] = (rules, span) => rules with { StuckConnecting = span },
        ["hangs-after-step"] = (rules, span) => rules with { HangsAfterStep = span },
        ["unasked"] = (rules, span) => rules with { Unasked = span },
        ["loop-calm"] = (rules, span) => rules with { LoopCalm = span },
        ["first-wait"] = (rules, span) => rules with { FirstWait = span },
        ["longest-wait"] = (rules, span) => rules with { LongestWait = span },
        ["after-asking"] = (rules, span) => rules with { AfterAsking = span },
        ["relapse"] = (rules, span) => rules with { Relapse = span },
        ["probe-every"] = (rules, span) => rules with { ProbeEvery = span },
        ["webhook-look"] = (rules, span) => rules with { WebhookLook = span },
    };

    private static readonly Dictionary<string, Func<LivenessRules, int, LivenessRules>> Numbers = new(StringComparer.Ordinal)
    {
        ["loop-per-hour"] = (rules, number) => rules with { LoopPerHour = number },
        ["attempts-per-step"] = (rules, number) => rules with { AttemptsPerStep = number },
        ["attempts-per-minute"] = (rules, number) => rules with { AttemptsPerMinute = number },
    };

    /// <param name="args">The arguments that may hold <c>rules</c>.</param>
    /// <param name="usual">What holds where they say nothing.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static LivenessRules Read(DocumentObject args, LivenessRules usual, ICollection<DocumentProblem> problems)
    {
        if (
            args.Get("rules") is not { } json
            || DocumentObject.Open(json, args.PathOf("rules"), problems, [.. Spans.Keys, .. Numbers.Keys]) is not { } wished
        )
        {
            return usual;
        }

        var rules = usual;
        foreach (var (key, with) in Spans)
        {
            rules = wished.Span(key, Shortest, Longest) is { } span ? with(rules, span) : rules;
        }

        foreach (var (key, with) in Numbers)
        {
            rules = wished.Integer(key, 1, 1_000) is { } number ? with(rules, number) : rules;
        }

        return rules;
    }
}
