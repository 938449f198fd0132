namespace Pontual.Scheduling.Cron;

/// <summary>Reads one field: a list of values, ranges and steps, and the special days of the two day fields.</summary>
/// <param name="text">The whole expression, so that columns are the user's.</param>
/// <param name="start">Where the field begins.</param>
/// <param name="end">Where it ends, exclusive.</param>
/// <param name="field">Which field it is.</param>
internal ref struct FieldReader(ReadOnlySpan<char> text, int start, int end, CronField field)
{
    private readonly ReadOnlySpan<char> _text = text[..end];
    private readonly int _start = start;
    private int _at = start;
    private FieldValues _values = new() { Years = field == CronField.Year ? new ulong[(CronField.Year.Count + 63) / 64] : null };

    /// <summary>What is wrong, once <see cref="TryRead"/> has answered false.</summary>
    public CronProblem? Problem { get; private set; }

    private readonly bool AtEnd => _at >= _text.Length;

    private readonly char Current => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>Reads the field to its end.</summary>
    public bool TryRead(out FieldValues values)
    {
        var read = TryReadItem();
        while (read && !AtEnd)
        {
            read = Skip(',')
                ? TryReadItem()
                : Fail(_at, $"'{Current}' does not belong here: separate values with ',', ranges with '-', steps with '/'.");
        }

        values = _values;
        return read;
    }

    private bool TryReadItem()
    {
        if (AtEnd || Current == ',')
        {
            return Fail(_at, $"A {field.Name} is missing here: write {Allowed()}.");
        }

        if (Skip('*'))
        {
            return TryReadStep(field.First, field.First + field.Count - 1, alone: false);
        }

        if (Current == '?')
        {
            return TryReadAny();
        }

        return field == CronField.DayOfMonth && Skip('L', 'l') ? TryReadMonthEnd() : TryReadRange();
    }

    private bool TryReadAny()
    {
        if (field != CronField.DayOfMonth && field != CronField.DayOfWeek)
        {
            return Fail(_at, $"'?' belongs to the day fields only: write '*' for every {field.Name}.");
        }

        if (_text.Length - _start != 1)
        {
            return Fail(_at, "'?' must stand alone: it means any day, so nothing can be added to it.");
        }

        _at++;
        AddAll(field.First, field.First + field.Count - 1, 1);
        return true;
    }

    // After L: nothing (last day), -n (n days before it) or W (last Monday to Friday).
    private bool TryReadMonthEnd()
    {
        if (Skip('W', 'w'))
        {
            _values.NearestWeekdays |= 1;
            return true;
        }

        var before = 0;
        if (Skip('-'))
        {
            var column = _at;
            if (!TryReadNumber(out before) || before > 30)
            {
                return Fail(column, "After 'L-' comes how many days before the month's last: 0 to 30.");
            }
        }

        _values.FromMonthEnd |= 1U << before;
        return true;
    }

    private bool TryReadRange()
    {
        var column = _at;
        if (!TryReadValue(out var written))
        {
            return false;
        }

        if (TryReadSpecialDay(written, out var special))
        {
            return special;
        }

        // Sunday is 7 at the end of a range that began before it, and 0 anywhere else.
        var first = written == field.First + field.Count ? field.First : written;
        if (!Skip('-'))
        {
            return TryReadStep(first, first, alone: true);
        }

        if (!TryReadValue(out var last))
        {
            return false;
        }

        if (field == CronField.Year && last < first)
        {
            return Fail(column, $"The years {first}-{last} run backwards: write {last}-{first}.");
        }

        last = last == written ? first : last;
        return TryReadStep(first, last < first ? last + field.Count : last, alone: false);
    }

    /// <returns>Whether the value is one of <c>15W</c>, <c>5L</c> and <c>5#2</c>; <paramref name="read"/> says whether it is a right one.</returns>
    private bool TryReadSpecialDay(int value, out bool read)
    {
        read = true;
        if (field == CronField.DayOfMonth && Skip('W', 'w'))
        {
            _values.NearestWeekdays |= 1U << value;
            return true;
        }

        if (field == CronField.DayOfWeek && Skip('L', 'l'))
        {
            _values.LastDaysOfWeek |= 1U << (value % 7);
            return true;
        }

        if (field != CronField.DayOfWeek || !Skip('#'))
        {
            return false;
        }

        var column = _at;
        read = (TryReadNumber(out var nth) && nth is >= 1 and <= 5) || Fail(column, "After '#' comes which one of the month: 1 to 5.");
        _values.NthDaysOfWeek |= read ? 1UL << ((value % 7 * 5) + nth - 1) : 0;
        return true;
    }

    private bool TryReadStep(int first, int last, bool alone)
    {
        var step = 1;
        if (Skip('/'))
        {
            var column = _at;
            if (!TryReadNumber(out step) || step < 1)
            {
                return Fail(column, "After '/' comes a step: a whole number from 1.");
            }

            if (step > field.Last)
            {
                return Fail(column, $"The step {step} is larger than the {field.Name} field: use 1 to {field.Last}.");
            }

            // A single value with a step goes on to the end of the field.
            last = alone ? Math.Max(first, field.First + field.Count - 1) : last;
        }

        AddAll(first, last, step);
        return true;
    }

    private void AddAll(int first, int last, int step)
    {
        for (var value = first; value <= last; value += step)
        {
            _values.Add(field, value);
        }
    }

    private bool TryReadValue(out int value)
    {
        var column = _at;
        if (!TryReadNumber(out value) && !TryReadName(out value))
        {
            return Fail(
                column,
                AtEnd
                    ? $"A {field.Name} is missing here: write {Allowed()}."
                    : $"'{Word(column)}' is not a {field.Name}: write {Allowed()}."
            );
        }

        return (value >= field.First && value <= field.Last)
            || Fail(column, $"The {field.Name} {value} is out of range: use {field.First} to {field.Last}.");
    }

    private bool TryReadName(out int value)
    {
        value = _text.Length - _at < 3 ? -1 : field.ValueOf(_text.Slice(_at, 3));
        _at += value < 0 ? 0 : 3;
        return value >= 0;
    }

    // Four digits are enough for every field, and too few to overflow.
    private bool TryReadNumber(out int value)
    {
        var from = _at;
        value = 0;
        while (char.IsAsciiDigit(Current) && _at - from < 4)
        {
            value = (value * 10) + (Current - '0');
            _at++;
        }

        return _at > from;
    }

    private bool Skip(char sign)
    {
        var found = Current == sign;
        _at += found ? 1 : 0;
        return found;
    }

    private bool Skip(char upper, char lower) => Skip(upper) || Skip(lower);

    private bool Fail(int at, string message)
    {
        Problem = new CronProblem(message, at + 1, field.Name);
        return false;
    }

    private readonly string Word(int from)
    {
        var rest = _text[from..];
        var stop = rest.IndexOfAny(",-/");
        return rest[..(stop <= 0 ? Math.Min(rest.Length, 12) : Math.Min(stop, 12))].ToString();
    }

    private readonly string Allowed() =>
        field.Names.Length == 0
            ? $"{field.First} to {field.Last} or '*'"
            : $"{field.First} to {field.Last}, {field.Names[..3]} to {field.Names[^3..]} or '*'";
}
