using Npgsql;
using NpgsqlTypes;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>Speaks to one PostgreSQL connection; where it blocks, every statement is done when its task is there.</summary>
internal sealed class PostgreSqlSession(
    NpgsqlConnection connection,
    NpgsqlTransaction? transaction,
    CancellationToken cancellation,
    bool blocks = false
) : DatabaseSession
{
    private static readonly (string Name, string Value)[] NoLimits = [("statement_timeout", "0"), ("lock_timeout", "0")];

    private int _depth;
    private bool _isUnlimited;

    public override Dialect Dialect => Dialect.PostgreSql;

    public override async ValueTask ExecuteScriptAsync(string script)
    {
        await LiftLimitsAsync();
        await using var command = Command(script);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public override async ValueTask<T> PartAsync<T>(Func<ValueTask<T>> part)
    {
        var name = $"part{_depth++}";
        await transaction!.SaveAsync(name, cancellation);
        try
        {
            var result = await part();
            await transaction.ReleaseAsync(name, cancellation);
            return result;
        }
        catch (PostgresException exception) when (!PostgreSqlFailure.IsConflict(exception) && !PostgreSqlFailure.IsLoss(exception))
        {
            await transaction.RollbackAsync(name, cancellation);
            throw PostgreSqlFailure.Of(exception, connection.Database);
        }
        finally
        {
            _depth--;
        }
    }

    protected override async ValueTask<int> RunAsync<TRow, T>(
        Statement statement,
        RowSet<TRow> set,
        IReadOnlyList<TRow>? rows,
        Func<Row, T>? read,
        List<T>? into,
        (string Name, Value Value)[] values
    )
    {
        if (statement.MayTakeLong)
        {
            await LiftLimitsAsync();
        }

        var text = rows is null ? statement.For(Dialect.PostgreSql) : statement.For(Dialect.PostgreSql, set.Names, 0);
        await using var command = Command(text);
        command.CommandTimeout = _isUnlimited ? 0 : command.CommandTimeout;
        for (var column = 0; rows is not null && column < set.Width; column++)
        {
            command.Parameters.Add(PostgreSqlParameter.OfColumn(set, column, rows));
        }

        foreach (var (name, value) in values)
        {
            command.Parameters.Add(PostgreSqlParameter.Of(name, value));
        }

        if (blocks)
        {
            return Run(command, read, into, statement.AnswersSecond);
        }

        if (read is null)
        {
            return await command.ExecuteNonQueryAsync(cancellation);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (statement.AnswersSecond)
        {
            await reader.NextResultAsync(cancellation);
        }

        var row = new PostgreSqlRow(reader);
        while (await reader.ReadAsync(cancellation))
        {
            into!.Add(read(row));
        }

        return reader.RecordsAffected;
    }

    private static int Run<T>(NpgsqlCommand command, Func<Row, T>? read, List<T>? into, bool answersSecond)
    {
        if (read is null)
        {
            return command.ExecuteNonQuery();
        }

        using var reader = command.ExecuteReader();
        if (answersSecond)
        {
            reader.NextResult();
        }

        var row = new PostgreSqlRow(reader);
        while (reader.Read())
        {
            into!.Add(read(row));
        }

        return reader.RecordsAffected;
    }

    /// <summary>From here to the end of the transaction statements may take as long as they do.</summary>
    private async ValueTask LiftLimitsAsync()
    {
        if (!_isUnlimited)
        {
            _isUnlimited = true;
            await ConnectionStore.SetAsync(connection, NoLimits, onlyForTransaction: true, cancellation);
        }
    }

    private NpgsqlCommand Command(string text) => new(text, connection, transaction);
}

/// <summary>The row a reader stands on.</summary>
internal sealed class PostgreSqlRow(NpgsqlDataReader reader) : Row
{
    public override bool IsNull(int column) => reader.IsDBNull(column);

    public override long Int64(int column) => reader.GetInt64(column);

    public override string Text(int column) => reader.GetString(column);

    public override Guid Id(int column) => reader.GetGuid(column);

    public override DateTimeOffset Instant(int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public override byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
}

/// <summary>Values as typed parameters: one by one, or a whole column as an array.</summary>
internal static class PostgreSqlParameter
{
    public static NpgsqlParameter Of(string name, in Value value) =>
        new(name, TypeOf(value.Kind)) { Value = value.IsNull ? DBNull.Value : Plain(value) };

    public static NpgsqlParameter OfColumn<T>(RowSet<T> set, int column, IReadOnlyList<T> rows)
    {
        var kind = set.KindOf(column);
        return new NpgsqlParameter($"rows_{set.Names[column]}", NpgsqlDbType.Array | TypeOf(kind))
        {
            Value = kind switch
            {
                ValueKind.Number => Column<long?>(value => value.Number),
                ValueKind.Text => Column<string?>(value => value.Text),
                ValueKind.Id => Column<Guid?>(value => value.Id),
                ValueKind.Instant => Column<DateTime?>(value => Microseconds.ToInstant(value.Number).UtcDateTime),
                _ => Column<byte[]?>(value => value.Bytes.ToArray()),
            },
        };

        TPlain?[] Column<TPlain>(Func<Value, TPlain> plain)
        {
            var values = new TPlain?[rows.Count];
            for (var index = 0; index < values.Length; index++)
            {
                var value = set.Read(column, rows[index]);
                values[index] = value.IsNull ? default : plain(value);
            }

            return values;
        }
    }

    private static object Plain(in Value value) =>
        value.Kind switch
        {
            ValueKind.Number => value.Number,
            ValueKind.Text => value.Text!,
            ValueKind.Id => value.Id,
            ValueKind.Instant => Microseconds.ToInstant(value.Number).UtcDateTime,
            _ => value.Bytes.ToArray(),
        };

    private static NpgsqlDbType TypeOf(ValueKind kind) =>
        kind switch
        {
            ValueKind.Number => NpgsqlDbType.Bigint,
            ValueKind.Text => NpgsqlDbType.Text,
            ValueKind.Id => NpgsqlDbType.Uuid,
            ValueKind.Instant => NpgsqlDbType.TimestampTz,
            _ => NpgsqlDbType.Bytea,
        };
}
