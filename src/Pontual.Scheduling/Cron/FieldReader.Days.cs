namespace Pontual.Scheduling.Cron;

/// <content>What only the two day fields have: <c>?</c>, <c>L</c>, <c>W</c> and <c>#</c>.</content>
internal ref partial struct FieldReader
{
    private const int MostBeforeEnd = 30;

    private bool TryReadAny()
    {
        if (_options.Dialect == CronDialect.Crontab)
        {
            return Fail(_at, $"a crontab has no '?': use {Allowed()}.");
        }

        if (!_field.IsDayOfMonth && !_field.IsDayOfWeek)
        {
            return Fail(_at, $"'?' belongs to the day fields only: use {Allowed()}.");
        }

        if (_text.Length - _start != 1)
        {
            return Fail(_at, $"'?' must stand alone, for it means any day: use it, or {Allowed()}.");
        }

        _at++;
        return TryReadStep(_field.First, _field.LastOwn, alone: false);
    }

    // After L: nothing (last day), -n (n days before it) or W (last Monday to Friday).
    private bool TryReadMonthEnd()
    {
        if (!TryReadSign("L"))
        {
            return false;
        }

        if (Skip('W', 'w'))
        {
            _values.NearestWeekdays |= 1;
            return true;
        }

        var before = 0;
        if (Skip('-'))
        {
            var column = _at;
            if (!TryReadNumber(out before) || before > MostBeforeEnd)
            {
                return Fail(column, $"after 'L-' comes how many days before the month's last: use 0 to {MostBeforeEnd}.");
            }
        }

        if (Current is 'W' or 'w')
        {
            return Fail(
                _at,
                $"a weekday nearest to L-{before} is not known here: use LW, a day 1 to 31 with W, or L-0 to L-{MostBeforeEnd}."
            );
        }

        _values.FromMonthEnd |= 1U << before;
        return true;
    }

    /// <summary>Alone in the day of week Quartz means its last day by <c>L</c>: Saturday.</summary>
    private bool TryReadQuartzLast()
    {
        _at++;
        _values.Add(_field, _field.LastOwn);
        return true;
    }

    /// <returns>Whether the value is one of <c>15W</c>, <c>5L</c> and <c>5#2</c>; <paramref name="read"/> says whether it is a right one.</returns>
    private bool TryReadSpecialDay(int column, int value, out bool read)
    {
        read = true;
        if (_field.IsDayOfMonth && Current is 'W' or 'w')
        {
            read = TryReadSign("W");
            _values.NearestWeekdays |= 1U << value;
            return true;
        }

        if (!_field.IsDayOfWeek || Current is not ('L' or 'l' or '#'))
        {
            return false;
        }

        if (Current != '#')
        {
            read = TryReadSign("L");
            _values.LastDaysOfWeek |= 1U << _field.BitOf(value);
            return true;
        }

        read = TryReadSign("#") && TryReadNth(column, value);
        return true;
    }

    private bool TryReadNth(int column, int value)
    {
        var at = _at;
        if (!TryReadNumber(out var nth) || nth is < 1 or > 5)
        {
            return Fail(at, $"after '{_text[column.._at].TrimEnd("0123456789")}' comes which one of the month: use 1 to 5.");
        }

        _values.NthDaysOfWeek |= 1UL << ((_field.BitOf(value) * 5) + nth - 1);
        return true;
    }

    private bool TryReadSign(string sign)
    {
        if (_options.Dialect == CronDialect.Crontab)
        {
            return Fail(_at, $"a crontab has no '{sign}': use {Allowed()}.");
        }

        _at++;
        return true;
    }
}
