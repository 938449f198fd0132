namespace Pontual.Storage.Database;

/// <summary>What kind of value a parameter or column holds.</summary>
public enum ValueKind
{
    /// <summary>Whole number, 64 bits.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>UUID; on SQLite 16 bytes in the order of the text, so that they compare as UUIDs do.</summary>
    Id,

    /// <summary>An instant to the microsecond; on SQLite microseconds since 1970.</summary>
    Instant,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>A parameter's value; made from the plain types by conversion, nothing is boxed.</summary>
public readonly struct Value
{
    private Value(
        ValueKind kind,
        bool isNull,
        long number = 0,
        Guid id = default,
        string? text = null,
        ReadOnlyMemory<byte> bytes = default
    )
    {
        Kind = kind;
        IsNull = isNull;
        Number = number;
        Id = id;
        Text = text;
        Bytes = bytes;
    }

    internal ValueKind Kind { get; }

    internal bool IsNull { get; }

    /// <summary>The number, or an instant as microseconds since 1970.</summary>
    internal long Number { get; }

    internal Guid Id { get; }

    internal string? Text { get; }

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A number.</summary>
    public static implicit operator Value(long number) => new(ValueKind.Number, isNull: false, number);

    /// <summary>A number or null.</summary>
    public static implicit operator Value(long? number) => new(ValueKind.Number, number is null, number ?? 0);

    /// <summary>A number.</summary>
    public static implicit operator Value(int number) => new(ValueKind.Number, isNull: false, number);

    /// <summary>A number or null.</summary>
    public static implicit operator Value(int? number) => new(ValueKind.Number, number is null, number ?? 0);

    /// <summary>Text or null.</summary>
    public static implicit operator Value(string? text) => new(ValueKind.Text, text is null, text: text);

    /// <summary>An id.</summary>
    public static implicit operator Value(Guid id) => new(ValueKind.Id, isNull: false, id: id);

    /// <summary>An id or null.</summary>
    public static implicit operator Value(Guid? id) => new(ValueKind.Id, id is null, id: id ?? default);

    /// <summary>An instant, cut to the microsecond.</summary>
    public static implicit operator Value(DateTimeOffset instant) => new(ValueKind.Instant, isNull: false, Microseconds.Of(instant));

    /// <summary>An instant or null.</summary>
    public static implicit operator Value(DateTimeOffset? instant) =>
        new(ValueKind.Instant, instant is null, instant is { } some ? Microseconds.Of(some) : 0);

    /// <summary>Bytes.</summary>
    public static implicit operator Value(ReadOnlyMemory<byte> bytes) => new(ValueKind.Bytes, isNull: false, bytes: bytes);

    /// <summary>Bytes or null.</summary>
    public static implicit operator Value(byte[]? bytes) => new(ValueKind.Bytes, bytes is null, bytes: bytes);
}

/// <summary>The one place where instants are cut to what both databases keep.</summary>
internal static class Microseconds
{
    private static readonly long Epoch = DateTimeOffset.UnixEpoch.UtcTicks;

    public static long Of(DateTimeOffset instant)
    {
        // Rounded down on both sides of 1970, so that order is kept.
        var (whole, rest) = Math.DivRem(instant.UtcTicks - Epoch, TimeSpan.TicksPerMicrosecond);
        return rest < 0 ? whole - 1 : whole;
    }

    public static DateTimeOffset ToInstant(long microseconds) => new(Epoch + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
