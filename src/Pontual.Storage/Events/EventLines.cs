using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pontual.Storage.Database;

namespace Pontual.Storage.Events;

/// <summary>Events on their way into the log, in the text they are kept in: a line of JSON for each group of one kind and node, which says once what all of
/// it have in common.</summary>
/// <remarks>
/// <code>{"k":"run.started","t":1763733600123456,"n":"node-1","e":[["0192…",12,0,{"a":1,"b":350000}],…]}</code>
/// Each event is its subject, its job's key or null, microseconds after the group's instant, and its <see cref="EventField"/>s. Written by hand, because
/// it is written in the transactions that claim and settle: each microsecond counts there.
/// </remarks>
internal sealed class EventLines
{
    /// <summary>Events of a row, so that whoever reads the log holds little at once.</summary>
    private const int MostOfRow = 250;
    private const int LongestText = 300;

    private readonly List<EventRow> _rows = [];
    private byte[] _buffer = [];
    private int _length;
    private int _count;
    private DateTimeOffset _latest;
    private (string Kind, string? Node) _group;
    private DateTimeOffset _groupAt;
    private DateTimeOffset _at;
    private bool _groupIsOpen;
    private bool _eventIsOpen;
    private bool _hasFields;

    /// <summary>The rows to write. Nothing can be added any more.</summary>
    public IReadOnlyList<EventRow> Rows
    {
        get
        {
            EndRow();
            return _rows;
        }
    }

    /// <summary>Begins an event of a run.</summary>
    public EventLines Run(string kind, DateTimeOffset at, Guid run, long job, string? node = null)
    {
        Begin(kind, at, node);
        Room(40);
        _buffer[_length++] = (byte)'"';
        Utf8Formatter.TryFormat(run, _buffer.AsSpan(_length), out var written);
        _length += written;
        _buffer[_length++] = (byte)'"';
        Job(job);
        return this;
    }

    /// <summary>Begins an event of something with a name.</summary>
    public EventLines Named(string kind, DateTimeOffset at, string subject, long? job = null)
    {
        Begin(kind, at, node: null);
        Quoted(subject);
        Job(job);
        return this;
    }

    /// <summary>Says a number of the event that was begun last; null says nothing.</summary>
    public EventLines With(EventField field, long? value)
    {
        if (value is { } number)
        {
            Name(field);
            Number(number);
        }

        return this;
    }

    /// <summary>Says an instant.</summary>
    public EventLines With(EventField field, DateTimeOffset? value) =>
        With(field, value is { } instant ? Microseconds.Of(instant) - Microseconds.Of(_at) : null);

    /// <summary>Says a text, as far as there is room for it.</summary>
    public EventLines With(EventField field, string? value)
    {
        if (value is not null)
        {
            Name(field);
            Quoted(
                value.Length <= LongestText
                    ? value
                    : value[..(char.IsHighSurrogate(value[LongestText - 1]) ? LongestText - 1 : LongestText)]
            );
        }

        return this;
    }

    private void Begin(string kind, DateTimeOffset at, string? node)
    {
        EndEvent();
        if (_count == MostOfRow)
        {
            EndRow();
        }

        if (!_groupIsOpen || _group.Node != node || _group.Kind != kind)
        {
            EndGroup();
            BeginGroup(kind, at, node);
        }
        else
        {
            Raw(","u8);
        }

        _at = at;
        _latest = _count == 0 || at > _latest ? at : _latest;
        _count++;
        _eventIsOpen = true;
        Raw("["u8);
    }

    private void BeginGroup(string kind, DateTimeOffset at, string? node)
    {
        (_group, _groupAt, _groupIsOpen) = ((kind, node), at, true);
        Raw(_length == 0 ? "{\"k\":"u8 : "\n{\"k\":"u8);
        Quoted(kind);
        Raw(",\"t\":"u8);
        Number(Microseconds.Of(at));
        if (node is not null)
        {
            Raw(",\"n\":"u8);
            Quoted(node);
        }

        Raw(",\"e\":["u8);
    }

    private void Job(long? job)
    {
        Raw(","u8);
        if (job is { } id)
        {
            Number(id);
        }
        else
        {
            Raw("null"u8);
        }

        Raw(","u8);
        Number(Microseconds.Of(_at) - Microseconds.Of(_groupAt));
        Raw(",{"u8);
        _hasFields = false;
    }

    private void EndEvent()
    {
        if (_eventIsOpen)
        {
            Raw("}]"u8);
            _eventIsOpen = false;
        }
    }

    private void EndGroup()
    {
        if (_groupIsOpen)
        {
            Raw("]}"u8);
            _groupIsOpen = false;
        }
    }

    private void EndRow()
    {
        EndEvent();
        EndGroup();
        if (_count > 0)
        {
            _rows.Add(new EventRow(_count, _latest, _buffer.AsMemory(0, _length)));
            (_buffer, _length, _count) = ([], 0, 0);
        }
    }

    private void Name(EventField field)
    {
        Room(6);
        if (_hasFields)
        {
            _buffer[_length++] = (byte)',';
        }

        _hasFields = true;
        _buffer[_length++] = (byte)'"';
        _buffer[_length++] = (byte)field;
        _buffer[_length++] = (byte)'"';
        _buffer[_length++] = (byte)':';
    }

    private void Number(long number)
    {
        Room(20);
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out var written);
        _length += written;
    }

    private void Quoted(string text)
    {
        Raw("\""u8);
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text.AsSpan().ContainsAny('"', '\\'))
        {
            Raw(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        }
        else
        {
            Room(text.Length);
            _length += Encoding.ASCII.GetBytes(text, _buffer.AsSpan(_length));
        }

        Raw("\""u8);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Room(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(Math.Max(256, 2 * _buffer.Length), _length + more));
        }
    }
}

/// <summary>A row of the log.</summary>
/// <param name="Count">How many events it has.</param>
/// <param name="At">When the last of them happened.</param>
/// <param name="Body">Their lines.</param>
internal sealed record EventRow(int Count, DateTimeOffset At, ReadOnlyMemory<byte> Body);
