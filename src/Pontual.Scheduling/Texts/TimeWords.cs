using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Texts;

/// <summary>The times of day of a cron expression in words: a list of times, an even step with its first and last, or what each unit says.</summary>
internal sealed class TimeWords(Language language)
{
    private const int FewTimes = 4;
    private const int MostTimesNamed = 8;
    private const int MostStretches = 3;
    private const int Day = 86_400;
    private const int Hour = 3600;
    private const int Minute = 60;
    private const ulong AllMinutes = (1UL << 60) - 1;
    private const uint AllHours = (1U << 24) - 1;

    /// <param name="times">The times.</param>
    /// <param name="anyDay">They hold on every day, so a stretch of hours may go over midnight.</param>
    /// <param name="isList">Each time is named: who reads it asks on which days.</param>
    public string Of(TimeMask times, bool anyDay, out bool isList)
    {
        var hours = Stretches(times, anyDay);
        var count = Bits.Of(times.Seconds).Count * Bits.Of(times.Minutes).Count * Bits.Of(times.Hours).Count;
        var (step, last) = Rising(times, count);
        if (
            step > 0
            && (step * count == Day ? count >= FewTimes : count > FewTimes)
            && EvenSteps(times.First, step, last, count) is { } even
        )
        {
            isList = false;
            return even;
        }

        var isOnce = Bits.Of(times.Seconds).Count == 1 && Bits.Of(times.Minutes).Count == 1;
        isList =
            count <= FewTimes
            || (count <= MostTimesNamed && !(hours is [var only] && Length(only) > FewTimes))
            || (isOnce && hours.Count > MostStretches);
        return isList ? language.Times([.. Each(times)]) : string.Join(", ", [.. Units(times), .. Hours(times, hours)]);
    }

    /// <summary>"every 5 minutes", with the first and the last time unless they go round the whole day; null where "at minute 30" says it better.</summary>
    private string? EvenSteps(int first, int step, int last, int count)
    {
        var isRound = step * count == Day;
        var every =
            step % Hour == 0 ? language.Every(step / Hour, TimeUnit.Hour)
            : step % Minute == 0 ? language.Every(step / Minute, TimeUnit.Minute)
            : language.Every(step, TimeUnit.Second);
        return (isRound, first) switch
        {
            (true, 0) => every,
            (true, < Minute) when step >= Minute => null,
            (true, _) when step == Hour => null,
            _ => $"{every}, {language.Between(first, last)}",
        };
    }

    private IEnumerable<string> Units(TimeMask times)
    {
        var minutes = Bits.Of(times.Minutes);
        if (Bits.EvenStep(times.Seconds, 60) is > 0 and var seconds)
        {
            yield return language.Every(seconds, TimeUnit.Second);
            if (times.Minutes != AllMinutes)
            {
                yield return language.During(minutes, TimeUnit.Minute);
            }

            yield break;
        }

        if (Bits.EvenStep(times.Minutes, 60) is > 0 and var step)
        {
            yield return language.Every(step, TimeUnit.Minute);
        }
        else
        {
            if (Bits.Of(times.Hours).Count > 1)
            {
                yield return language.Every(1, TimeUnit.Hour);
            }

            if (times.Minutes != 1 || times.Seconds != 1)
            {
                yield return language.At(minutes, TimeUnit.Minute);
            }
        }

        if (times.Seconds != 1)
        {
            yield return language.At(Bits.Of(times.Seconds), TimeUnit.Second);
        }
    }

    private IEnumerable<string> Hours(TimeMask times, List<(int First, int Last)> hours)
    {
        if (times.Hours == AllHours)
        {
            return [];
        }

        var isOneWithHoles =
            Bits.Of(times.Hours).Count == 1 && Bits.EvenStep(times.Minutes, 60) == 0 && Bits.EvenStep(times.Seconds, 60) == 0;
        if (hours.Count > MostStretches || isOneWithHoles)
        {
            return [language.During(Bits.Of(times.Hours), TimeUnit.Hour)];
        }

        var inHour = times.First % Hour;
        var lastInHour = (Bits.Of(times.Minutes)[^1] * Minute) + Bits.Of(times.Seconds)[^1];
        var words = hours.Select(hour => language.Between((hour.First * Hour) + inHour, (hour.Last * Hour) + lastInHour));
        return [Language.List([.. words], language.And)];
    }

    // A stretch over midnight would be read as one night, which is two halves of two days where not every day has it.
    private static List<(int First, int Last)> Stretches(TimeMask times, bool anyDay) =>
        Bits.Stretches(Bits.Of(times.Hours), anyDay ? (0, 23) : null);

    private static int Length((int First, int Last) hours) => ((hours.Last - hours.First + 24) % 24) + 1;

    /// <summary>The step of times that rise evenly over the day, and the last of them; a step of 0 when they do not.</summary>
    private static (int Step, int Last) Rising(TimeMask times, int count)
    {
        if (count < 2)
        {
            return (0, times.First);
        }

        var (step, before) = (0, -1);
        foreach (var time in Each(times))
        {
            var distance = time - before;
            if (before >= 0 && step > 0 && distance != step)
            {
                return (0, 0);
            }

            step = before >= 0 ? distance : 0;
            before = time;
        }

        return (step, before);
    }

    private static IEnumerable<int> Each(TimeMask times) =>
        from hour in Bits.Of(times.Hours)
        from minute in Bits.Of(times.Minutes)
        from second in Bits.Of(times.Seconds)
        select (hour * Hour) + (minute * Minute) + second;
}
