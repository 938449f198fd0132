using System.Buffers.Binary;
using System.Text;

namespace Pontual.TestKit.Web;

/// <summary>A message of protocol buffers taken apart by its wire format, and strictly: what is cut off, left over or of a wrong type throws.</summary>
public sealed class ProtoMessage
{
    private readonly List<(int Field, int Type, ulong Number, byte[] Bytes)> _fields = [];

    /// <param name="bytes">The message whole.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public ProtoMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var key = Varint(ref bytes);
            var (field, type) = ((int)(key >> 3), (int)(key & 7));
            if (field == 0)
            {
                throw new FormatException("A field has the number 0.");
            }

            _fields.Add(
                type switch
                {
                    0 => (field, type, Varint(ref bytes), []),
                    1 => (field, type, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)), []),
                    2 => (field, type, 0, Take(ref bytes, checked((int)Varint(ref bytes))).ToArray()),
                    5 => (field, type, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4)), []),
                    _ => throw new FormatException($"Field {field} has the wire type {type}."),
                }
            );
        }
    }

    /// <summary>The messages in a field, in order.</summary>
    public IEnumerable<ProtoMessage> Messages(int field) => Of(field, 2).Select(found => new ProtoMessage(found.Bytes));

    /// <summary>The bytes in a field; empty when it is not there.</summary>
    public byte[] Bytes(int field) => Of(field, 2).Select(found => found.Bytes).LastOrDefault([]);

    /// <summary>The text in a field; empty when it is not there.</summary>
    public string Text(int field) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes(field));

    /// <summary>The text in a field; empty when something else is.</summary>
    public string TextOrNone(int field) => _fields.Exists(found => found.Field == field && found.Type == 2) ? Text(field) : "";

    /// <summary>The eight bytes in a field as a number; 0 when it is not there.</summary>
    public ulong Fixed64(int field) => Of(field, 1).Select(found => found.Number).LastOrDefault();

    /// <summary>The number in a field; 0 when it is not there.</summary>
    public ulong Number(int field) => Of(field, 0).Select(found => found.Number).LastOrDefault();

    private IEnumerable<(int Field, int Type, ulong Number, byte[] Bytes)> Of(int field, int type)
    {
        foreach (var found in _fields.Where(found => found.Field == field))
        {
            yield return found.Type == type
                ? found
                : throw new FormatException($"Field {field} has the wire type {found.Type} and not {type}.");
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length)
        {
            throw new FormatException($"{count} bytes are announced, and {bytes.Length} are there.");
        }

        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref bytes, 1)[0];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw new FormatException("A number has more than ten bytes.");
    }
}
