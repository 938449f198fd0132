using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Pontual.Runners.Process;

/// <summary>All processes of the machine (or container) at about one instant, from <c>/proc</c>.</summary>
internal sealed class ProcessTable
{
    private const int FileRoom = 4096;
    private const int EnvironmentRoom = 128 << 10;

    private static ReadOnlySpan<byte> LocksLine => "Max file locks"u8;

    private readonly List<ProcessEntry> _entries = [];
    private readonly ILookup<int, ProcessEntry> _children;

    private ProcessTable(bool marksInEnvironment)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                if (ProcessEntry(pid, marksInEnvironment) is { } entry)
                {
                    _entries.Add(entry);
                }
            }
        }

        _children = _entries.ToLookup(entry => entry.Parent);
    }

    public IReadOnlyList<ProcessEntry> Entries => _entries;

    public static ProcessTable Read(bool marksInEnvironment) => new(marksInEnvironment);

    /// <summary>One process; null when it is gone.</summary>
    public static ProcessEntry? ProcessEntry(int pid, bool marksInEnvironment)
    {
        Span<byte> buffer = stackalloc byte[FileRoom];
        var stat = Content($"/proc/{pid}/stat", buffer);
        var nameEnd = stat.LastIndexOf((byte)')');
        var nameStart = stat.IndexOf((byte)'(');
        if (nameStart < 0 || nameEnd < nameStart)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(stat[(nameStart + 1)..nameEnd]);
        var facts = Encoding.ASCII.GetString(stat[(nameEnd + 2)..]).Split(' ', 5);
        var mark = marksInEnvironment ? MarkInEnvironment(pid) : MarkInLimits(pid);
        return new ProcessEntry(pid, Number(facts[1]), Number(facts[3]), facts[0][0], name, mark);
    }

    /// <summary>The roots and all their descendants.</summary>
    public List<ProcessEntry> WithDescendants(Func<ProcessEntry, bool> isRoot)
    {
        var found = new Dictionary<int, ProcessEntry>();
        var next = new Queue<ProcessEntry>(_entries.Where(entry => entry.Pid != Environment.ProcessId && isRoot(entry)));
        while (next.TryDequeue(out var entry))
        {
            if (entry.Pid != Environment.ProcessId && found.TryAdd(entry.Pid, entry))
            {
                foreach (var child in _children[entry.Pid])
                {
                    next.Enqueue(child);
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>Children of this process that a system call of ours did not start: orphans it was given. Null where the kernel does not tell.</summary>
    public static List<int>? OwnChildren()
    {
        Span<byte> buffer = stackalloc byte[FileRoom];
        var path = $"/proc/self/task/{Environment.ProcessId}/children";
        if (!File.Exists(path))
        {
            return null;
        }

        var text = Content(path, buffer);
        var list = new List<int>();
        while (Utf8Parser.TryParse(text, out int pid, out var used))
        {
            list.Add(pid);
            text = text[used..].TrimStart((byte)' ');
        }

        return list;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static ulong? MarkInLimits(int pid)
    {
        Span<byte> buffer = stackalloc byte[FileRoom];
        var limits = Content($"/proc/{pid}/limits", buffer);
        var at = limits.IndexOf(LocksLine);
        return at >= 0 && Utf8Parser.TryParse(limits[(at + LocksLine.Length)..].TrimStart((byte)' '), out ulong mark, out _) ? mark : null;
    }

    private static ulong? MarkInEnvironment(int pid)
    {
        var environment = Content($"/proc/{pid}/environ", new byte[EnvironmentRoom]);
        var name = Encoding.ASCII.GetBytes($"{NodeMark.Variable}=");
        for (var at = environment.IndexOf(name); at >= 0; at = environment.IndexOf(name))
        {
            var value = environment[(at + name.Length)..];
            if ((at == 0 || environment[at - 1] == 0) && Utf8Parser.TryParse(value, out ulong mark, out _))
            {
                return mark;
            }

            environment = value;
        }

        return null;
    }

    /// <summary>What a file of /proc says, as far as there is room; nothing when the process is gone. System calls, because processes vanish all the time
    /// and an exception for each would cost more than the whole reading.</summary>
    private static unsafe ReadOnlySpan<byte> Content(string path, Span<byte> buffer)
    {
        var length = 0;
        fixed (byte* name = Encoding.ASCII.GetBytes(path + '\0'))
        fixed (byte* start = buffer)
        {
            var file = Posix.Open(name, Posix.ReadOnly | Posix.CloseOnExec, 0);
            if (file < 0)
            {
                return [];
            }

            nint read;
            while (length < buffer.Length && (read = Posix.Read(file, start + length, (nuint)(buffer.Length - length))) > 0)
            {
                length += (int)read;
            }

            _ = Posix.Close(file);
        }

        return buffer[..length];
    }
}

/// <summary>A process.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Session">Its session: the id of the process that began it.</param>
/// <param name="State">As in <c>ps</c>: Z is ended and not yet reaped.</param>
/// <param name="Name">Its program, cut to 15 letters by the kernel.</param>
/// <param name="Mark">What its limit on file locks says; null for none.</param>
internal sealed record ProcessEntry(int Pid, int Parent, int Session, char State, string Name, ulong? Mark)
{
    public bool IsAlive => State is not ('Z' or 'X');
}
