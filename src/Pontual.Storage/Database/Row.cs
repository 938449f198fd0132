namespace Pontual.Storage.Database;

/// <summary>The row a query stands on. Columns are counted from 0, in the order of the select list. Valid only inside the reading function.</summary>
public abstract class Row
{
    /// <summary>Whether the column is null.</summary>
    public abstract bool IsNull(int column);

    /// <summary>A whole number.</summary>
    public abstract long Int64(int column);

    /// <summary>Text.</summary>
    public abstract string Text(int column);

    /// <summary>An id.</summary>
    public abstract Guid Id(int column);

    /// <summary>An instant, UTC.</summary>
    public abstract DateTimeOffset Instant(int column);

    /// <summary>A copy of the bytes.</summary>
    public abstract byte[] Bytes(int column);

    /// <summary>A whole number of 32 bits.</summary>
    public int Int32(int column) => checked((int)Int64(column));

    /// <summary>A whole number, or null.</summary>
    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    /// <summary>A whole number of 32 bits, or null.</summary>
    public int? Int32OrNull(int column) => IsNull(column) ? null : Int32(column);

    /// <summary>Text, or null.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>An id, or null.</summary>
    public Guid? IdOrNull(int column) => IsNull(column) ? null : Id(column);

    /// <summary>An instant, or null.</summary>
    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);
}
