namespace Pontual.Cli.Doctor;

/// <summary>How a thing was found.</summary>
internal enum Health
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and will not for long, or not as it should.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,

    /// <summary>It could not be looked at from here.</summary>
    Skip,
}

/// <summary>What one look found.</summary>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="Health">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
internal sealed record Symptom(string Check, Health Health, string Found, string? Advice = null)
{
    public static Symptom Ok(string check, string found) => new(check, Health.Ok, found);

    public static Symptom Warn(string check, string found, string advice) => new(check, Health.Warn, found, advice);

    public static Symptom Fail(string check, string found, string advice) => new(check, Health.Fail, found, advice);

    public static Symptom Skip(string check, string why) => new(check, Health.Skip, why);
}
