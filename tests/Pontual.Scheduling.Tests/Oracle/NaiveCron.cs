namespace Pontual.Scheduling.Tests.Oracle;

/// <summary>A cron expression read in the plainest way there is: for each item of each field the set of its values, asked one local time after another.
/// Shares no code and no idea with the real one.</summary>
internal sealed class NaiveCron
{
    private static readonly (int First, int Count)[] Domains = [(0, 60), (0, 60), (0, 24), (1, 31), (1, 12), (0, 7), (1970, 230)];
    private static readonly string[] Names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private static readonly string[] MonthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private readonly string[] _fields;
    private readonly HashSet<int>[] _sets;
    private readonly Dictionary<DateOnly, bool> _days = [];

    public NaiveCron(string text)
    {
        var fields = text.Split(' ');
        _fields = fields.Length switch
        {
            5 => ["0", .. fields, "*"],
            6 => [.. fields, "*"],
            _ => fields,
        };
        _sets = [.. _fields.Select((field, index) => field.Split(',').SelectMany(item => Values(item, index)).ToHashSet())];
        IntervalLike = fields.Length == 5 ? fields[..2].Any(IsInterval) : fields[..3].Any(IsInterval);
        HasSeconds = fields.Length > 5;
    }

    public bool IntervalLike { get; }

    public bool HasSeconds { get; }

    public bool Matches(DateTime local) =>
        _sets[0].Contains(local.Second)
        && _sets[1].Contains(local.Minute)
        && _sets[2].Contains(local.Hour)
        && MatchesDay(DateOnly.FromDateTime(local));

    public bool MatchesDay(DateOnly date)
    {
        if (!_days.TryGetValue(date, out var matches))
        {
            matches = _sets[4].Contains(date.Month) && _sets[6].Contains(date.Year) && MatchesEitherDay(date);
            _days[date] = matches;
        }

        return matches;
    }

    private bool MatchesEitherDay(DateOnly date)
    {
        var byDate = _sets[3].Contains(date.Day) || _fields[3].Split(',').Any(item => IsSpecialDate(item, date));
        var byWeek = _sets[5].Contains((int)date.DayOfWeek) || _fields[5].Split(',').Any(item => IsSpecialWeekday(item, date));
        var open = _fields[3][0] is '*' or '?' || _fields[5][0] is '*' or '?';
        return open ? byDate && byWeek : byDate || byWeek;
    }

    private static bool IsInterval(string field) => field.Any(sign => sign is '*' or '/' or '-');

    private static bool IsSpecialDate(string item, DateOnly date)
    {
        var length = DateTime.DaysInMonth(date.Year, date.Month);
        if (item == "L")
        {
            return date.Day == length;
        }

        if (item.StartsWith("L-", StringComparison.Ordinal))
        {
            return date.Day == length - int.Parse(item[2..]);
        }

        if (!item.EndsWith('W'))
        {
            return false;
        }

        var wanted = item == "LW" ? length : int.Parse(item[..^1]);
        if (wanted > length || date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            return false;
        }

        var target = new DateOnly(date.Year, date.Month, wanted);
        var nearest = Enumerable
            .Range(1, length)
            .Select(day => new DateOnly(date.Year, date.Month, day))
            .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            .MinBy(day => Math.Abs(day.DayNumber - target.DayNumber));
        return date == nearest;
    }

    private static bool IsSpecialWeekday(string item, DateOnly date)
    {
        var length = DateTime.DaysInMonth(date.Year, date.Month);
        if (item.Contains('#'))
        {
            return Number(item[..item.IndexOf('#')], 5) % 7 == (int)date.DayOfWeek && (date.Day + 6) / 7 == item[^1] - '0';
        }

        return item.Length > 1 && item.EndsWith('L') && Number(item[..^1], 5) % 7 == (int)date.DayOfWeek && date.Day + 7 > length;
    }

    private static IEnumerable<int> Values(string item, int index)
    {
        var (first, count) = Domains[index];
        if ((index == 3 && item.Any(sign => sign is 'L' or 'W')) || (index == 5 && (item.Contains('#') || item.EndsWith('L'))))
        {
            yield break;
        }

        var slash = item.Split('/');
        var ends = slash[0].Split('-');
        var step = slash.Length == 2 ? int.Parse(slash[1]) : 1;
        var (from, to) = slash[0] switch
        {
            "*" or "?" => (first, first + count - 1),
            _ when ends.Length == 2 => (Number(ends[0], index), Number(ends[1], index)),
            _ when slash.Length == 2 => (index == 5 ? Number(ends[0], index) % 7 : Number(ends[0], index), first + count - 1),
            _ => (Number(ends[0], index), Number(ends[0], index)),
        };
        var length = Steps(from, to, first, count, ends.Length == 2 && ends[0] == ends[1]);
        for (var walked = 0; walked <= length; walked += step)
        {
            yield return first + ((from - first + walked) % count);
        }
    }

    // How many steps of one it takes round the dial from one value to another.
    private static int Steps(int from, int to, int first, int count, bool same)
    {
        var steps = 0;
        for (var at = (from - first) % count; !same && at != (to - first) % count; at = (at + 1) % count)
        {
            steps++;
        }

        // 0-7 in the day of week goes once round.
        return !same && steps == 0 && to - from == count ? count - 1 : steps;
    }

    private static int Number(string text, int index) =>
        int.TryParse(text, out var number) ? number
        : index == 4 ? Array.IndexOf(MonthNames, text.ToUpperInvariant()) + 1
        : Array.IndexOf(Names, text.ToUpperInvariant());
}
