namespace Pontual.Scheduling.Tests.Texts.Grammar;

/// <summary>What a sentence says, filled phrase by phrase by one of the grammars: times of the day and days, to be compared with what the schedule does.</summary>
internal sealed class Reading
{
    private const int SecondsPerDay = 86_400;

    public List<int> Listed { get; } = [];

    /// <summary>The step of "every", in seconds; 0 when the sentence has none.</summary>
    public int Every { get; set; }

    public List<int>? AtMinutes { get; set; }

    public List<int>? AtSeconds { get; set; }

    public List<int>? DuringMinutes { get; set; }

    public List<int>? DuringHours { get; set; }

    public List<(int First, int Last)> Between { get; } = [];

    /// <summary>A day that any of these names counts; all days where there is none.</summary>
    public List<Func<DateOnly, bool>> Days { get; } = [];

    /// <summary>Each holds beside <see cref="Days"/>, as a group: any of its parts.</summary>
    public List<List<Func<DateOnly, bool>>> Limits { get; } = [];

    public bool Includes(DateOnly day) => (Days.Count == 0 || Days.Any(one => one(day))) && Limits.All(limit => limit.Any(one => one(day)));

    public HashSet<int> Times()
    {
        if (Listed.Count > 0)
        {
            return [.. Listed];
        }

        var isPlain = AtMinutes is null && AtSeconds is null && DuringMinutes is null && DuringHours is null;
        return isPlain ? [.. Stepped()] : [.. Enumerable.Range(0, SecondsPerDay).Where(IsNamed)];
    }

    // "every 7 minutes, from 09:00 to 09:56" counts from its first time; without one, from midnight.
    private IEnumerable<int> Stepped()
    {
        foreach (var (first, last) in Between.DefaultIfEmpty((0, SecondsPerDay - 1)))
        {
            var end = last < first ? last + SecondsPerDay : last;
            for (var time = first; time <= end; time += Every)
            {
                yield return time % SecondsPerDay;
            }
        }
    }

    private bool IsNamed(int time)
    {
        var (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        var seconds = AtSeconds?.Contains(second) ?? second % (Every is > 0 and < 60 ? Every : 60) == 0;
        var minutes =
            AtMinutes?.Contains(minute)
            ?? DuringMinutes?.Contains(minute)
            ?? Every switch
            {
                < 60 => true,
                < 3600 => minute % (Every / 60) == 0,
                3600 => minute == 0,
                _ => throw new InvalidOperationException("More than an hour goes with no other unit."),
            };
        return seconds
            && minutes
            && DuringHours?.Contains(hour) != false
            && (
                Between.Count == 0
                || Between.Any(part =>
                    part.First <= part.Last ? time >= part.First && time <= part.Last : time >= part.First || time <= part.Last
                )
            );
    }
}
