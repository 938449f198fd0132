using System.Diagnostics.CodeAnalysis;

namespace Pontual.Scheduling.Cron;

/// <summary>
/// A cron expression: minute, hour, day of month, month, day of week; a second may stand before them and then a year after. It knows local times
/// only; <c>CronSchedule</c> adds the zone.
/// </summary>
/// <remarks>
/// When both day fields are restricted (neither starts with <c>*</c> or <c>?</c>), a day that matches either counts, as in Vixie's cron.
/// Immutable. Compared by its text in normal form (<c>@daily</c> equals <c>0 0 * * *</c>, but <c>MON</c> does not equal <c>1</c>), and where it has an
/// <c>H</c> by the seed too.
/// </remarks>
public sealed class CronExpression : IEquatable<CronExpression>
{
    /// <summary>Longer texts are refused.</summary>
    public const int MaxLength = 256;

    internal const long None = -1;

    private const long SecondsPerDay = 86_400;
    private const long LastSecond = 315_537_897_599; // 9999-12-31T23:59:59;

    private readonly string _text;
    private readonly TimeMask _times;
    private readonly string? _seed; // null where no H depends on it
    private readonly DayMap? _moved;

    internal CronExpression(string text, string? seed, TimeMask times, DayMask days, bool intervalLike, DayMap? moved = null)
    {
        _text = text;
        _seed = seed;
        _moved = moved;
        _times = times;
        Days = days;
        IsIntervalLike = intervalLike;
    }

    /// <summary>
    /// The second, minute or hour field has <c>*</c>, <c>/</c> or a range: it means elapsed time, so a change of the clock neither adds nor moves a
    /// run. Otherwise it names fixed times of the day. An <c>H</c> without a step is one fixed time.
    /// </summary>
    public bool IsIntervalLike { get; }

    /// <summary>No date ever matches, such as 30 February. (That all its years are past shows only against a clock: then there is no next occurrence.)</summary>
    public bool NeverFires => Days.NextAtOrAfter(0) < 0;

    /// <summary>Why it never fires, with what may have been meant (<c>0 0 L 2 *</c> for <c>0 0 31 2 *</c>); null when it does fire.</summary>
    public CronProblem? WhyNever() => CronAdvice.OfNever(this);

    internal TimeMask Times => _times;

    internal DayMask Days { get; }

    /// <param name="text">5, 6 or 7 fields, or a macro (<c>@daily</c>); at most <see cref="MaxLength"/> ASCII characters.</param>
    /// <param name="options">Null: <see cref="ParseOptions.Default"/>.</param>
    /// <exception cref="CronFormatException"><paramref name="text"/> is not a cron expression; it says where and why.</exception>
    public static CronExpression Parse(string? text, ParseOptions? options = null) =>
        CronReader.Read(text, options ?? ParseOptions.Default, out var problem) ?? throw new CronFormatException(problem!);

    /// <summary>Reads an expression with <see cref="ParseOptions.Default"/>; never throws.</summary>
    /// <param name="text">5, 6 or 7 fields, or a macro (<c>@daily</c>); at most <see cref="MaxLength"/> ASCII characters.</param>
    /// <param name="expression">The expression; null when the text is not one.</param>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out CronExpression? expression,
        [NotNullWhen(false)] out CronProblem? problem
    ) => TryParse(text, null, out expression, out problem);

    /// <summary>Reads an expression; never throws.</summary>
    /// <param name="text">5, 6 or 7 fields, or a macro (<c>@daily</c>); at most <see cref="MaxLength"/> ASCII characters.</param>
    /// <param name="options">Null: <see cref="ParseOptions.Default"/>.</param>
    /// <param name="expression">The expression; null when the text is not one.</param>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    public static bool TryParse(
        string? text,
        ParseOptions? options,
        [NotNullWhen(true)] out CronExpression? expression,
        [NotNullWhen(false)] out CronProblem? problem
    )
    {
        expression = CronReader.Read(text, options ?? ParseOptions.Default, out problem);
        return expression is not null;
    }

    /// <summary>The first matching local time strictly after <paramref name="after"/>, as if no clock ever changed; null when there is none.</summary>
    public DateTime? NextLocal(DateTime after) => Local(NextAtOrAfter((after.Ticks / TimeSpan.TicksPerSecond) + 1));

    /// <summary>The last matching local time strictly before <paramref name="before"/>, as if no clock ever changed; null when there is none.</summary>
    public DateTime? PreviousLocal(DateTime before) =>
        before.Ticks == 0 ? null : Local(PreviousAtOrBefore((before.Ticks - 1) / TimeSpan.TicksPerSecond));

    /// <inheritdoc/>
    public bool Equals(CronExpression? other) => other is not null && _text == other._text && _seed == other._seed;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CronExpression);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// The text in normal form: macros as fields, capitals, one space between fields, in our own dialect whichever it was read in. Parses to an equal
    /// value (with the same seed, where it has an <c>H</c>).
    /// </summary>
    public override string ToString() => _text;

    /// <summary>The same times of day on other days.</summary>
    internal CronExpression On(DayMap days) => new(_text, _seed, _times, Days, IsIntervalLike, days);

    /// <summary>The first matching local second at or after one, both counted from 0001-01-01; <see cref="None"/> when there is none.</summary>
    internal long NextAtOrAfter(long second)
    {
        var day = (int)(second / SecondsPerDay);
        var time = _times.NextAtOrAfter((int)(second - (day * SecondsPerDay)));
        if (time < 0)
        {
            day++;
            time = _times.First;
        }

        var match = _moved is null ? Days.NextAtOrAfter(day) : _moved.NextAtOrAfter(day);
        return match < 0 ? None : (match * SecondsPerDay) + (match == day ? time : _times.First);
    }

    /// <summary>The last matching local second at or before one, both counted from 0001-01-01; <see cref="None"/> when there is none.</summary>
    internal long PreviousAtOrBefore(long second)
    {
        if (second < 0)
        {
            return None;
        }

        var day = (int)(second / SecondsPerDay);
        var time = _times.PreviousAtOrBefore((int)(second - (day * SecondsPerDay)));
        if (time < 0)
        {
            day--;
            time = _times.Last;
        }

        var match = _moved is null ? Days.PreviousAtOrBefore(day) : _moved.PreviousAtOrBefore(day);
        return match < 0 ? None : (match * SecondsPerDay) + (match == day ? time : _times.Last);
    }

    private static DateTime? Local(long second) =>
        second == None || second > LastSecond ? null : new DateTime(second * TimeSpan.TicksPerSecond, DateTimeKind.Unspecified);
}
