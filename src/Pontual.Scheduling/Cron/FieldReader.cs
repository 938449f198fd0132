namespace Pontual.Scheduling.Cron;

/// <summary>Reads one field: a list of values, ranges and steps. What the day fields have of their own and <c>H</c> stand in the other parts.</summary>
internal ref partial struct FieldReader
{
    private readonly ReadOnlySpan<char> _text;
    private readonly int _start;
    private readonly CronField _field;
    private readonly ParseOptions _options;
    private readonly bool _isTrial;
    private int _at;
    private FieldValues _values;

    /// <param name="text">The whole expression, so that columns are the user's.</param>
    /// <param name="part">Where the field stands in it.</param>
    /// <param name="field">Which field it is.</param>
    /// <param name="options">The dialect, and the seed of <c>H</c>.</param>
    /// <param name="isTrial">Nobody will read the message of a problem.</param>
    public FieldReader(ReadOnlySpan<char> text, Part part, CronField field, ParseOptions options, bool isTrial)
    {
        _text = text[..part.End];
        _start = _at = part.Start;
        _field = field;
        _options = options;
        _isTrial = isTrial;
        _values.Years = field.IsYear ? new ulong[(field.Count + 63) / 64] : null;
    }

    /// <summary>What is wrong, once <see cref="TryRead"/> has answered false.</summary>
    public CronProblem? Problem { get; private set; }

    private readonly bool AtEnd => _at >= _text.Length;

    private readonly char Current => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>A star or a number of one or two digits alone, which most fields are; anything else, right or wrong, is for a reader.</summary>
    public static bool TryReadPlain(ReadOnlySpan<char> text, CronField field, out FieldValues values)
    {
        values = default;
        if (text is ['*'])
        {
            values.Bits = field.AllBits;
            values.IsInterval = true;
            return true;
        }

        var value = text switch
        {
            [var digit] when char.IsAsciiDigit(digit) => digit - '0',
            [var ten, var digit] when char.IsAsciiDigit(ten) && char.IsAsciiDigit(digit) => ((ten - '0') * 10) + digit - '0',
            _ => -1,
        };
        if (value < field.First || value > field.Last)
        {
            return false;
        }

        values.Bits = 1UL << field.BitOf(value);
        return true;
    }

    /// <summary>Reads the field to its end.</summary>
    public bool TryRead(out FieldValues values)
    {
        var read = TryReadItem();
        while (read && !AtEnd)
        {
            read = Skip(',')
                ? TryReadItem()
                : Fail(
                    _at,
                    $"'{Current}' does not belong here. Separate values with ',', ranges with '-', steps with '/': use {Allowed()}."
                );
        }

        values = _values;
        return read;
    }

    private bool TryReadItem()
    {
        if (AtEnd || Current == ',')
        {
            return Fail(_at, $"a value is missing here: use {Allowed()}.");
        }

        // Quartz lets a step stand without its star.
        if (Skip('*') || (Current == '/' && _options.Dialect == CronDialect.Quartz))
        {
            return TryReadStep(_field.First, _field.LastOwn, alone: false);
        }

        return Current switch
        {
            '?' => TryReadAny(),
            'H' or 'h' when !_field.IsYear => TryReadSpread(),
            'L' or 'l' when _field.IsDayOfMonth => TryReadMonthEnd(),
            'L' or 'l' when _field.IsDayOfWeek && _options.Dialect == CronDialect.Quartz => TryReadQuartzLast(),
            _ => TryReadRange(),
        };
    }

    private bool TryReadRange()
    {
        var column = _at;
        if (!TryReadValue(out var written))
        {
            return false;
        }

        if (TryReadSpecialDay(column, written, out var special))
        {
            return special;
        }

        // Sunday is 7 at the end of a range that began before it, and 0 anywhere else.
        var first = written > _field.LastOwn ? _field.First : written;
        if (!Skip('-'))
        {
            return TryReadStep(first, first, alone: true);
        }

        return TryReadValue(out var last) && TryOrder(column, written, ref last) && TryReadStep(first, last, alone: false);
    }

    /// <summary>Lets a reversed range go on over the end of the field, where it may.</summary>
    private bool TryOrder(int column, int first, ref int last)
    {
        if (last < first && (_field.IsYear || _options.Dialect == CronDialect.Crontab))
        {
            return Fail(column, $"the range {first}-{last} runs backwards: write the lower value first, of {Allowed()}.");
        }

        last =
            last == first && first > _field.LastOwn ? _field.First
            : last < first && first <= _field.LastOwn ? last + _field.Count
            : last;
        _values.IsInterval = true;
        return true;
    }

    private bool TryReadStep(int first, int last, bool alone)
    {
        _values.IsInterval |= !alone;
        var step = 1;
        if (Skip('/'))
        {
            if (alone && _options.Dialect == CronDialect.Crontab)
            {
                return Fail(_at - 1, $"in a crontab a step follows '*' or a range: write {first}-{_field.LastOwn}/… of {Allowed()}.");
            }

            if (!TryReadStepNumber(out step))
            {
                return false;
            }

            // A single value with a step goes on to the end of the field.
            last = alone ? Math.Max(first, _field.LastOwn) : last;
        }

        _values.Add(_field, first, last, step);
        return true;
    }

    private bool TryReadStepNumber(out int step)
    {
        _values.IsInterval = true;
        var column = _at;
        return !TryReadNumber(out step) || step < 1 ? Fail(column, $"after '/' comes a step: a whole number, 1 to {_field.Last}.")
            : step > _field.Last ? Fail(column, $"the step {step} is larger than the field: use 1 to {_field.Last}.")
            : true;
    }

    private bool TryReadValue(out int value)
    {
        var column = _at;
        if (!TryReadNumber(out value) && !TryReadName(out value))
        {
            return AtEnd
                ? Fail(column, $"a value is missing here: use {Allowed()}.")
                : Fail(column, $"'{Word(column)}' is not a {_field.Name}: use {Allowed()}.");
        }

        return (value >= _field.First && value <= _field.Last) || Fail(column, $"{value} is out of range: use {Allowed()}.");
    }

    private bool TryReadName(out int value)
    {
        value = _text.Length - _at < 3 ? -1 : _field.ValueOf(_text.Slice(_at, 3));
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
}
