using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

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
    private readonly bool _isQuartz;

    /// <param name="text">Of our own dialect or a crontab; macros are not read.</param>
    /// <param name="seed">What H is spread by.</param>
    /// <param name="isQuartz">The text is Quartz's: days of week count from 1, L is Saturday, a step needs no star.</param>
    public NaiveCron(string text, string seed = "", bool isQuartz = false)
    {
        _isQuartz = isQuartz;
        var fields = text.Split(' ');
        _fields = fields.Length switch
        {
            5 => ["0", .. fields, "*"],
            6 => [.. fields, "*"],
            _ => fields,
        };
        IntervalLike = fields.Length == 5 ? fields[..2].Any(IsInterval) : fields[..3].Any(IsInterval);
        HasSeconds = fields.Length > 5;
        _fields = [.. _fields.Select((field, index) => NaiveSpread.WriteOut(field, index, seed))];
        _sets = [.. _fields.Select((field, index) => field.Split(',').SelectMany(item => Values(item, index)).ToHashSet())];
    }

    public bool IntervalLike { get; }

    public bool HasSeconds { get; }

    public bool Matches(DateTime local) =>
        _sets[0].Contains(local.Second)
        && _sets[1].Contains(local.Minute)
        && _sets[2].Contains(local.Hour)
        && MatchesDay(DateOnly.FromDateTime(local));

    /// <summary>The first match after a time, tried one by one; null when none comes within so many days.</summary>
    public DateTime? NextWithin(DateTime after, int days)
    {
        for (var day = after.Date; (day - after.Date).Days <= days && day < DateTime.MaxValue.Date; day = day.AddDays(1))
        {
            foreach (
                var time in MatchesDay(DateOnly.FromDateTime(day)) ? TimesFrom(day == after.Date ? after.TimeOfDay : TimeSpan.Zero) : []
            )
            {
                if (day + time > after)
                {
                    return day + time;
                }
            }
        }

        return null;
    }

    /// <summary>The last match before a time, tried one by one; null when none was within so many days.</summary>
    public DateTime? PreviousWithin(DateTime before, int days)
    {
        for (var day = before.Date; (before.Date - day).Days <= days && day > DateTime.MinValue; day = day.AddDays(-1))
        {
            foreach (
                var time in MatchesDay(DateOnly.FromDateTime(day))
                    ? TimesTo(day == before.Date ? before.TimeOfDay : TimeSpan.FromDays(1))
                    : []
            )
            {
                if (day + time < before)
                {
                    return day + time;
                }
            }
        }

        return null;
    }

    private IEnumerable<TimeSpan> TimesFrom(TimeSpan start) =>
        from hour in Enumerable.Range(start.Hours, 24 - start.Hours)
        where _sets[2].Contains(hour)
        from minute in Enumerable.Range(0, 60)
        where _sets[1].Contains(minute)
        from second in Enumerable.Range(0, 60)
        where _sets[0].Contains(second)
        select new TimeSpan(hour, minute, second);

    private IEnumerable<TimeSpan> TimesTo(TimeSpan to) =>
        from back in Enumerable.Range(0, Math.Min(24, (int)to.TotalHours + 1))
        let hour = Math.Min(23, (int)to.TotalHours) - back
        where _sets[2].Contains(hour)
        from minute in Enumerable.Range(0, 60)
        where _sets[1].Contains(59 - minute)
        from second in Enumerable.Range(0, 60)
        where _sets[0].Contains(59 - second)
        select new TimeSpan(hour, 59 - minute, 59 - second);

    public bool MatchesDay(DateOnly date)
    {
        if (!_days.TryGetValue(date, out var matches))
        {
            matches = _sets[4].Contains(date.Month) && (_fields[6] == "*" || _sets[6].Contains(date.Year)) && MatchesEitherDay(date);
            _days[date] = matches;
        }

        return matches;
    }

    private bool MatchesEitherDay(DateOnly date)
    {
        var byDate = _sets[3].Contains(date.Day) || _fields[3].Split(',').Any(item => IsSpecialDate(item, date));
        var byWeek = _sets[5].Contains((int)date.DayOfWeek) || _fields[5].Split(',').Any(item => IsSpecialWeekday(item, date));
        var open = _fields[3][0] is '*' or '?' or '/' || _fields[5][0] is '*' or '?' or '/';
        return open ? byDate && byWeek : byDate || byWeek;
    }

    // The range inside H(0-29) is where one value is chosen, not a range of times.
    private static bool IsInterval(string field) => Regex.Replace(field, @"\([^)]*\)", "").Any(sign => sign is '*' or '/' or '-');

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

    private bool IsSpecialWeekday(string item, DateOnly date)
    {
        var length = DateTime.DaysInMonth(date.Year, date.Month);
        if (item.Contains('#'))
        {
            return Number(item[..item.IndexOf('#')], 5) % 7 == (int)date.DayOfWeek && (date.Day + 6) / 7 == item[^1] - '0';
        }

        return item.Length > 1 && item.EndsWith('L') && Number(item[..^1], 5) % 7 == (int)date.DayOfWeek && date.Day + 7 > length;
    }

    private IEnumerable<int> Values(string item, int index)
    {
        var (first, count) = Domains[index];
        if (index == 5 && item == "L" && _isQuartz)
        {
            yield return 6;
            yield break;
        }

        if ((index == 3 && item.Any(sign => sign is 'L' or 'W')) || (index == 5 && (item.Contains('#') || item.EndsWith('L'))))
        {
            yield break;
        }

        var slash = (item.StartsWith('/') ? "*" + item : item).Split('/');
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

    private int Number(string text, int index) =>
        int.TryParse(text, out var number) ? (index == 5 && _isQuartz ? number - 1 : number)
        : index == 4 ? Array.IndexOf(MonthNames, text.ToUpperInvariant()) + 1
        : Array.IndexOf(Names, text.ToUpperInvariant());
}

/// <summary>H as its values written out, by the rule as the documentation states it, with numbers of any size cut to 64 bits.</summary>
internal static class NaiveSpread
{
    private static readonly string[] FieldNames = ["second", "minute", "hour", "day of month", "month", "day of week"];
    private static readonly (int First, int Last)[] Ranges = [(0, 59), (0, 59), (0, 23), (1, 28), (1, 12), (0, 6)];
    private static readonly BigInteger Word = BigInteger.Pow(2, 64);

    public static string WriteOut(string field, int index, string seed) =>
        index == 6 ? field : string.Join(',', field.Split(',').Select(item => item.StartsWith('H') ? Item(item, index, seed) : item));

    private static string Item(string item, int index, string seed)
    {
        var (first, last) = Ranges[index];
        var bounds = item.Split('(', ')');
        if (bounds.Length > 1)
        {
            (first, last) = (int.Parse(bounds[1].Split('-')[0]), int.Parse(bounds[1].Split('-')[1]));
        }

        var choices = last - first + 1;
        var step = item.Contains('/') ? int.Parse(item[(item.IndexOf('/') + 1)..]) : choices;
        var start = first + (int)(Hash(FieldNames[index] + seed) % Math.Min(step, choices));
        return string.Join(',', Enumerable.Range(start, last - start + 1).Where(value => (value - start) % step == 0));
    }

    private static BigInteger Hash(string text)
    {
        var hash = BigInteger.Parse("14695981039346656037");
        foreach (var part in Encoding.Unicode.GetBytes(text))
        {
            hash = (hash - (hash % 256) + ((int)(hash % 256) ^ part)) * 1_099_511_628_211 % Word;
        }

        hash = (hash ^ (hash / BigInteger.Pow(2, 30))) * BigInteger.Parse("13787848793156543929") % Word;
        hash = (hash ^ (hash / BigInteger.Pow(2, 27))) * BigInteger.Parse("10723151780598845931") % Word;
        return hash ^ (hash / BigInteger.Pow(2, 31));
    }
}
