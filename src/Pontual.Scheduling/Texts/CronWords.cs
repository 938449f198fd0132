using Pontual.Scheduling.Cron;

namespace Pontual.Scheduling.Texts;

/// <summary>A cron expression in words: short forms for what people write most, and lists of values, right for all, for the rest.</summary>
internal sealed class CronWords(Language language)
{
    private readonly TimeWords _times = new(language);
    private readonly DayWords _days = new(language);

    public string Of(CronExpression expression)
    {
        ref readonly var days = ref expression.Days.Fields;
        var times = _times.Of(expression.Times, DayWords.IsAny(days), out var isList);
        return string.Join(", ", [times, .. _days.Of(days, sayEveryDay: isList)]);
    }
}
