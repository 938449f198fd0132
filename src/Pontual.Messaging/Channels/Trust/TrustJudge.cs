namespace Pontual.Messaging.Channels.Trust;

/// <summary>Judges what is known of a channel: points for each part, in proportion to what is known at all; then the ceilings.</summary>
public static class TrustJudge
{
    /// <summary>The score of what is known.</summary>
    public static TrustScore Judge(TrustFacts facts, TrustRules rules)
    {
        List<TrustComponent> components =
        [
            TrustComponents.Age(facts, rules),
            TrustComponents.Stability(facts, rules),
            TrustComponents.Delivery(facts, rules),
            TrustComponents.Invalid(facts, rules),
            TrustComponents.Reply(facts, rules),
            TrustComponents.OptOut(facts, rules),
            TrustComponents.Cold(facts, rules),
            TrustComponents.Pace(facts, rules),
            TrustComponents.Duplicate(facts, rules),
        ];
        List<TrustBound> bounds =
        [
            .. rules
                .Ceilings.Where(ceiling => ceiling.Alarm == facts.Alarm)
                .OrderBy(ceiling => ceiling.Most)
                .Select(ceiling => new TrustBound(ceiling.Alarm, ceiling.Most, ReasonOf(ceiling), ceiling.Source)),
        ];
        var most = bounds.Count > 0 ? bounds[0].Most : 100;
        var (score, confidence) = Sum(components, rules);
        score = score is null && most > 0 ? null : Math.Min(score ?? 0, most);
        return new TrustScore(score, BandOf(score, most, rules), confidence, rules.Version, components, bounds, NotesOf(facts));
    }

    private static (int? Score, TrustConfidence Confidence) Sum(List<TrustComponent> components, TrustRules rules)
    {
        var known = components.Where(component => component.Points is not null).ToList();
        var (points, most) = (known.Sum(component => component.Points!.Value), known.Sum(component => component.Most));
        if (most < rules.LeastKnown || most <= 0)
        {
            return (null, TrustConfidence.None);
        }

        // Down, and not to the nearest: a hundred is a hundred.
        var score = (int)Math.Floor((100 * points / most) + 1e-9);
        return known.Count == components.Count
            ? (score, TrustConfidence.Full)
            : (Math.Min(score, rules.MostUnsure), TrustConfidence.Partial);
    }

    /// <summary>What a ceiling alone already says holds also where too little is known for a score.</summary>
    private static TrustBand BandOf(int? score, int most, TrustRules rules)
    {
        var highest = score ?? most;
        return highest < rules.Attention ? TrustBand.Critical
            : highest < rules.Healthy ? TrustBand.Attention
            : score is null ? TrustBand.NotEnoughData
            : TrustBand.Healthy;
    }

    private static string ReasonOf(TrustCeiling ceiling) =>
        ceiling.Alarm switch
        {
            TrustAlarm.Banned => "the platform has blocked the number",
            TrustAlarm.Restricted => "the platform lets no new conversations through",
            TrustAlarm.Zombie => "the session says that it is connected, and is not",
            TrustAlarm.Warning => "the platform has warned",
            _ => "the platform has given a first warning",
        };

    private static List<string> NotesOf(TrustFacts facts)
    {
        var notes = new List<string>();
        if (!facts.TellsRestrictions)
        {
            notes.Add("what the platform restricts cannot be seen through this gateway: no news is not good news");
        }

        if (facts.IsAgeDeclared)
        {
            notes.Add("how long it has been in use is what an operator declared");
        }

        return notes;
    }
}
