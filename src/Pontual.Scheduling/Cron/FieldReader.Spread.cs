namespace Pontual.Scheduling.Cron;

/// <content><c>H</c>: a value, or the first of several, chosen by the seed.</content>
internal ref partial struct FieldReader
{
    // Every month has these, so that a spread day never skips one.
    private const int LastDayOfEveryMonth = 28;

    /// <summary><c>H</c> and <c>H(a-b)</c> are one value; <c>H/n</c> and <c>H(a-b)/n</c> are every n-th, from one of the first n.</summary>
    private bool TryReadSpread()
    {
        if (_options.Dialect != CronDialect.Pontual)
        {
            return Fail(_at, $"'H' is not of the {_options.Dialect} dialect: use {Allowed()}.");
        }

        _at++;
        var (first, last) = (_field.First, _field.IsDayOfMonth ? LastDayOfEveryMonth : _field.LastOwn);
        if (Skip('(') && !TryReadBounds(out first, out last))
        {
            return false;
        }

        _values.IsSpread = true;
        var length = last - first + 1;
        var step = length;
        if (Skip('/') && !TryReadStepNumber(out step))
        {
            return false;
        }

        var choice = Spread.Choose(_options.Seed, _field.Name, Math.Min(step, length));
        _values.Add(_field, first + choice, last, step);
        return true;
    }

    private bool TryReadBounds(out int first, out int last)
    {
        last = 0;
        var column = _at;
        if (!TryReadValue(out first))
        {
            return false;
        }

        if (!Skip('-'))
        {
            return Fail(
                _at,
                $"after 'H({_text[column.._at]}' comes '-' and an end, as in H({_field.First}-{_field.LastOwn}): use {Allowed()}."
            );
        }

        if (!TryReadValue(out last))
        {
            return false;
        }

        last += last < first ? _field.Count : 0;
        return Skip(')') || Fail(_at, $"the range of 'H' ends with ')': write H({_field.First}-{_field.LastOwn}).");
    }
}

/// <summary>The choice behind <c>H</c>: the same on every machine and in every version, for jobs must not move by an update.</summary>
internal static class Spread
{
    /// <summary>FNV-1a (Fowler, Noll, Vo; 64 bits) over the UTF-16 code units of field and seed, low byte first, mixed by SplitMix64's finalizer; then the
    /// remainder by <paramref name="count"/>.</summary>
    public static int Choose(string seed, string field, int count)
    {
        var hash = Add(Add(14_695_981_039_346_656_037, field), seed);
        hash = (hash ^ (hash >> 30)) * 0xBF58_476D_1CE4_E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D0_49BB_1331_11EB;
        return (int)((hash ^ (hash >> 31)) % (ulong)count);
    }

    private static ulong Add(ulong hash, string text)
    {
        const ulong Prime = 1_099_511_628_211;
        foreach (var unit in text)
        {
            hash = (hash ^ (byte)unit) * Prime;
            hash = (hash ^ (byte)(unit >> 8)) * Prime;
        }

        return hash;
    }
}
