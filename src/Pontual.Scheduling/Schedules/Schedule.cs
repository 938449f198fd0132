using System.Diagnostics.CodeAnalysis;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Zones;

namespace Pontual.Scheduling.Schedules;

/// <summary>When a job is due. Pure: every method takes the instant, nothing reads a clock. Compared by value.</summary>
/// <remarks>
/// A kind of schedule (<see cref="CronSchedule"/>, <see cref="EverySchedule"/>, …) yields times; <see cref="Terms"/> bound them, spread them and say
/// which are left out. <b>Due times</b> are all of them; <b>occurrences</b> are those that are to run.
/// </remarks>
public abstract record Schedule
{
    // A search that passes over so many stretches of left-out time has found a schedule that never runs.
    private const int MostStretches = 20_000;

    /// <summary>Whose clocks: cron's own; for the other kinds those that calendars and people read.</summary>
    public abstract Zone Zone { get; init; }

    /// <summary>Beginning, end, spread and calendars.</summary>
    public Terms Terms { get; init; } = Terms.None;

    /// <summary>Reads a schedule from one line as people write it: a cron expression, a macro (<c>@daily</c>), <c>@every 1h30m</c> (d, h, m, s) or <c>@reboot</c>.</summary>
    /// <param name="text">The line.</param>
    /// <param name="zone">Whose clocks; null for <see cref="Zone.Default"/>.</param>
    /// <param name="options">Null: <see cref="ParseOptions.Default"/>.</param>
    /// <exception cref="CronFormatException">It is none of these; it says where and why.</exception>
    public static Schedule Parse(string? text, Zone? zone = null, ParseOptions? options = null) =>
        ScheduleLine.Read(text, zone ?? Zone.Default, options, out var problem) ?? throw new CronFormatException(problem!);

    /// <summary>Reads a schedule as <see cref="Parse"/> does; never throws.</summary>
    /// <param name="text">The line.</param>
    /// <param name="zone">Whose clocks; null for <see cref="Zone.Default"/>.</param>
    /// <param name="options">Null: <see cref="ParseOptions.Default"/>.</param>
    /// <param name="schedule">The schedule; null when the text is none.</param>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    public static bool TryParse(
        string? text,
        Zone? zone,
        ParseOptions? options,
        [NotNullWhen(true)] out Schedule? schedule,
        [NotNullWhen(false)] out CronProblem? problem
    )
    {
        schedule = ScheduleLine.Read(text, zone ?? Zone.Default, options, out problem);
        return schedule is not null;
    }

    /// <summary>This schedule with calendars in the place of names: see <see cref="CalendarRules.Bind"/>.</summary>
    /// <param name="find">The calendar of a name; null leaves it a name.</param>
    public Schedule Bind(Func<string, Calendar?> find) =>
        Terms.Calendars.Unbound.Any() ? this with { Terms = Terms with { Calendars = Terms.Calendars.Bind(find) } } : this;

    /// <summary>The first occurrence strictly after <paramref name="after"/>, in UTC; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (ReferenceEquals(Terms, Terms.None))
        {
            return NextTime(after); // The one case that has to be quickest.
        }

        var due = NextDue(after);
        for (var stretch = 0; due is { } at && stretch < MostStretches; stretch++)
        {
            if (LeftOut(at) is not { } exclusion)
            {
                return at;
            }

            due = NextDue(Later(at, exclusion.Until.AddTicks(-1)));
        }

        return null;
    }

    /// <summary>The last occurrence strictly before <paramref name="before"/>, in UTC; null when there is none.</summary>
    public DateTimeOffset? Previous(DateTimeOffset before)
    {
        if (ReferenceEquals(Terms, Terms.None))
        {
            return PreviousTime(before);
        }

        var due = PreviousDue(before);
        for (var stretch = 0; due is { } at && stretch < MostStretches; stretch++)
        {
            if (LeftOut(at) is not { } exclusion)
            {
                return at;
            }

            due = PreviousDue(Earlier(at, Plus(exclusion.Since, Terms.Jitter?.Most ?? TimeSpan.Zero)));
        }

        return null;
    }

    /// <summary>The first due time strictly after <paramref name="after"/>, whether or not a calendar leaves it out; null when there is none any more.</summary>
    public DateTimeOffset? NextDue(DateTimeOffset after) =>
        ReferenceEquals(Terms, Terms.None) ? NextTime(after)
        : Terms.Jitter is null ? NextNominal(after)
        : NextSpread(after);

    /// <summary>The last due time strictly before <paramref name="before"/>, whether or not a calendar leaves it out; null when there is none.</summary>
    public DateTimeOffset? PreviousDue(DateTimeOffset before)
    {
        var nominal = PreviousNominal(before);
        while (nominal is { } at && Spread(at) >= before)
        {
            nominal = PreviousNominal(at);
        }

        return nominal is { } found ? Spread(found) : null;
    }

    /// <summary>Why a due time of this schedule is not to run; null when it is.</summary>
    public Exclusion? LeftOut(DateTimeOffset due) => Terms.Calendars.IsNone ? null : Rules.LeftOut(NominalOf(due) ?? due, Zone);

    /// <summary>All occurrences strictly after <paramref name="after"/>, in rising order, computed as they are read. May be endless.</summary>
    /// <exception cref="InvalidOperationException">A schedule answered an instant that is not later than the one before it: a defect, stopped before it can fire for ever.</exception>
    public IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset after) => Walk(Next, after);

    /// <summary>All due times strictly after <paramref name="after"/>, left-out ones too, in rising order, computed as they are read. May be endless.</summary>
    /// <exception cref="InvalidOperationException">As of <see cref="Occurrences"/>.</exception>
    public IEnumerable<DateTimeOffset> DueTimes(DateTimeOffset after) => Walk(NextDue, after);

    /// <summary>The occurrences strictly after <paramref name="after"/> as people see them: local times of a zone, with notes on changes of the clock.</summary>
    /// <param name="after">Exclusive.</param>
    /// <param name="zone">Where they are shown; notes speak of the schedule's own zone.</param>
    public IEnumerable<Occurrence> Preview(DateTimeOffset after, Zone zone) => Occurrences(after).Select(at => Show(at, zone));

    /// <summary>One occurrence of this schedule as people see it.</summary>
    public Occurrence Show(DateTimeOffset occurrence, Zone zone) =>
        new(occurrence, zone.ToLocal(occurrence), NominalOf(occurrence) is { } nominal ? NoteOn(nominal) : null);

    /// <summary>The time a due time was before it was spread; null when <paramref name="due"/> is none of this schedule.</summary>
    public DateTimeOffset? NominalOf(DateTimeOffset due) => Terms.Jitter is null ? due : PreviousNominal(Plus(due, TimeSpan.FromTicks(1)));

    /// <summary>The first time of this kind strictly after an instant, before <see cref="Terms"/>.</summary>
    protected abstract DateTimeOffset? NextTime(DateTimeOffset after);

    /// <summary>The last time of this kind strictly before an instant, before <see cref="Terms"/>.</summary>
    protected abstract DateTimeOffset? PreviousTime(DateTimeOffset before);

    internal virtual string? NoteOn(DateTimeOffset nominal) => null;

    /// <summary>The first time at or after the beginning that <see cref="Terms"/> set.</summary>
    internal virtual DateTimeOffset? FirstFrom(DateTimeOffset start) => NextTime(start.AddTicks(-1));

    // Only cron has days to move; elsewhere they are left out.
    private CalendarRules Rules =>
        this is CronSchedule || Terms.Calendars.Shift == DayShift.None ? Terms.Calendars : Terms.Calendars with { Shift = DayShift.None };

    private DateTimeOffset? NextNominal(DateTimeOffset after)
    {
        var next = Terms.Start is { } start && after < start ? FirstFrom(start) : NextTime(after);
        return next > Terms.End ? null : next;
    }

    private DateTimeOffset? PreviousNominal(DateTimeOffset before)
    {
        var until = Terms.End is { } end && before > end ? end.AddTicks(1) : before;
        var previous = PreviousTime(until);
        return previous < Terms.Start ? null : previous;
    }

    // The time that was spread over `after` may itself be before it.
    private DateTimeOffset? NextSpread(DateTimeOffset after)
    {
        if (NominalOf(after) is { } before && Spread(before) is var spread && spread > after)
        {
            return spread;
        }

        return NextNominal(after) is { } next ? Spread(next) : null;
    }

    private DateTimeOffset Spread(DateTimeOffset nominal) =>
        Terms.Jitter is { } jitter ? nominal + jitter.Of(nominal, NextTime(nominal) - nominal) : nominal;

    private IEnumerable<DateTimeOffset> Walk(Func<DateTimeOffset, DateTimeOffset?> step, DateTimeOffset after)
    {
        while (step(after) is { } next)
        {
            if (next <= after)
            {
                throw new InvalidOperationException($"{this} answered {next:O}, which is not after {after:O}.");
            }

            yield return next;
            after = next;
        }
    }

    private static DateTimeOffset Plus(DateTimeOffset at, TimeSpan span) =>
        span > DateTimeOffset.MaxValue - at ? DateTimeOffset.MaxValue : at + span;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
