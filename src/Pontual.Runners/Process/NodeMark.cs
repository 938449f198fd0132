using System.Globalization;
using System.Security.Cryptography;

namespace Pontual.Runners.Process;

/// <summary>Marks every process that this node starts, and with it all of its descendants, whatever they do to get away.</summary>
/// <remarks>
/// <para>Sessions, process groups, parents and environments can all be left (setsid, double fork, <c>env -i</c>). Resource limits cannot: each process has its
/// parent's. So the soft limit on file locks, which Linux has long ceased to look at, carries a number: the node in its upper half, the run in its lower.
/// Everybody can read it in <c>/proc/PID/limits</c>, of zombies too.</para>
/// <para>Where limits cannot be set or read, <c>PONTUAL_MARK</c> in the environment carries the same number.</para>
/// </remarks>
internal readonly record struct NodeMark
{
    public const string Variable = "PONTUAL_MARK";

    private const int RunBits = 32;
    private const uint NodeMask = 0x1FFF_FFFF;
    private const uint NodeBit = 0x2000_0000;

    private readonly ulong _node;

    private NodeMark(uint node) => _node = ((ulong)(node & NodeMask | NodeBit)) << RunBits;

    /// <summary>The mark of processes that a run left behind by permission: they are nobody's to stop.</summary>
    public ulong Released => _node;

    public static NodeMark New() => new(BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))));

    /// <exception cref="FormatException">It is no mark as <see cref="ToString"/> writes it.</exception>
    public static NodeMark Parse(string text) => new(uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>The mark of the node's nth run, 1 or more.</summary>
    public ulong OfRun(uint number) => _node | number;

    /// <summary>Whether a process carries this node's mark, released or not.</summary>
    public bool IsOn(ulong? mark) => mark is { } number && number >> RunBits == _node >> RunBits;

    public override string ToString() => (_node >> RunBits).ToString("x", CultureInfo.InvariantCulture);
}
