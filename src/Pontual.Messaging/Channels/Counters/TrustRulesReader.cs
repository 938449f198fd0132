using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels.Trust;

namespace Pontual.Messaging.Channels.Counters;

/// <summary>Reads by what scores are judged otherwise than usual: <c>{"rules": {"version": "ours-2", "reply": {"full": 0.4}}}</c>.</summary>
internal static class TrustRulesReader
{
    private static readonly Dictionary<
        string,
        (Func<TrustRules, TrustThreshold> Of, Func<TrustRules, TrustThreshold, TrustRules> With)
    > Thresholds = new(StringComparer.Ordinal)
    {
        ["age"] = (rules => rules.Age, (rules, one) => rules with { Age = one }),
        ["outages"] = (rules => rules.Outages, (rules, one) => rules with { Outages = one }),
        ["uptime"] = (rules => rules.Uptime, (rules, one) => rules with { Uptime = one }),
        ["delivery"] = (rules => rules.Delivery, (rules, one) => rules with { Delivery = one }),
        ["invalid"] = (rules => rules.Invalid, (rules, one) => rules with { Invalid = one }),
        ["reply"] = (rules => rules.Reply, (rules, one) => rules with { Reply = one }),
        ["opt-out"] = (rules => rules.OptOut, (rules, one) => rules with { OptOut = one }),
        ["cold"] = (rules => rules.Cold, (rules, one) => rules with { Cold = one }),
        ["quota"] = (rules => rules.Quota, (rules, one) => rules with { Quota = one }),
        ["pace"] = (rules => rules.Pace, (rules, one) => rules with { Pace = one }),
        ["spike"] = (rules => rules.Spike, (rules, one) => rules with { Spike = one }),
        ["duplicate"] = (rules => rules.Duplicate, (rules, one) => rules with { Duplicate = one }),
    };

    /// <returns>The rules; null when something is wrong, which is then among <paramref name="problems"/>.</returns>
    public static TrustRules? Read(JsonElement args, List<DocumentProblem> problems)
    {
        var rules = TrustRules.Default;
        if (args.ValueKind is JsonValueKind.Undefined || DocumentObject.Open(args, "", problems, "rules") is not { } all)
        {
            return problems.Count > 0 ? null : rules;
        }

        if (
            all.Get("rules") is not { } json
            || DocumentObject.Open(json, "/rules", problems, ["version", "healthy", "attention", .. Thresholds.Keys]) is not { } wished
        )
        {
            return problems.Count > 0 ? null : rules;
        }

        if (!wished.Require("version", "name these rules, so that a score of today can be explained when they have changed"))
        {
            return null;
        }

        rules = rules with
        {
            Version = wished.Text("version", 100) ?? rules.Version,
            Healthy = wished.Integer("healthy", 1, 100) ?? rules.Healthy,
            Attention = wished.Integer("attention", 0, 99) ?? rules.Attention,
        };
        foreach (var (name, (of, with)) in Thresholds)
        {
            if (wished.Get(name) is { } threshold)
            {
                rules = with(rules, Changed(of(rules), threshold, $"/rules/{name}", problems));
            }
        }

        return problems.Count > 0 ? null : rules;
    }

    private static TrustThreshold Changed(TrustThreshold usual, JsonElement json, string path, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, path, problems, "full", "zero", "least") is not { } wished)
        {
            return usual;
        }

        var changed = usual with
        {
            Full = Number(wished, "full") ?? usual.Full,
            Zero = Number(wished, "zero") ?? usual.Zero,
            Least = wished.Integer("least", 0, 1_000_000) ?? usual.Least,
            Source = TrustSource.Local,
        };
        if (changed.Full.Equals(changed.Zero) || changed.Full > changed.Zero != usual.Full > usual.Zero)
        {
            wished.Report(
                "full",
                "order",
                $"all points at {changed.Full} and none at {changed.Zero} is the wrong way round",
                $"as usual it is {usual.Full} and {usual.Zero}"
            );
        }

        return changed;
    }

    private static double? Number(DocumentObject wished, string key)
    {
        if (wished.Get(key) is not { } json)
        {
            return null;
        }

        if (json.ValueKind is JsonValueKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number) && number >= 0)
        {
            return number;
        }

        wished.Report(key, "type", $"'{key}' is no number from 0 on", "write a number: a share from 0 to 1, or days, or times");
        return null;
    }
}
