using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pontual.Runners.Process;

/// <summary>Starts programs with <c>posix_spawn</c>: in a session of their own, marked, with default signals and no descriptor but the three standard ones.</summary>
internal static unsafe class Spawner
{
    /// <summary>More than any libc's attribute and action records need.</summary>
    private const int RecordRoom = 1024;

    private const int Signals = 31;

    private static readonly bool KnowsCloseFrom = NativeLibrary.TryGetExport(
        NativeLibrary.GetMainProgramHandle(),
        Posix.CloseFromName,
        out _
    );

    /// <summary>The mark stands in this process's own limits while a child is made, so the whole process makes one at a time.</summary>
    private static readonly Lock MarkInUse = new();

    /// <summary>Whether limits can carry a mark here; see <see cref="NodeMark"/>.</summary>
    public static bool LimitsCarryMarks()
    {
        lock (MarkInUse)
        {
            var own = NodeMark.New().OfRun(1);
            using var marked = new Marked(own);
            return marked.IsSet && ProcessTable.ProcessEntry(Environment.ProcessId, marksInEnvironment: false)?.Mark == own;
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="launch">What and how.</param>
    /// <param name="output">Its standard output and error.</param>
    /// <param name="input">Its standard input; null for <c>/dev/null</c>.</param>
    /// <param name="mark">Put on it and so on all that it starts; null for none.</param>
    /// <param name="mayStart">Asked at the last moment: many that start at once wait here for each other.</param>
    /// <param name="pid">Its id, and that of its session; 0 when it was not to start any more.</param>
    /// <returns>0, or the error number of the step that failed.</returns>
    public static int Start(Launch launch, SafeFileHandle output, SafeFileHandle? input, ulong? mark, Func<bool> mayStart, out int pid)
    {
        var actions = stackalloc byte[RecordRoom];
        var attributes = stackalloc byte[RecordRoom];
        _ = Posix.InitActions(actions);
        _ = Posix.InitAttributes(attributes);
        try
        {
            Connect(actions, launch.Folder, output, input);
            StartFresh(attributes);
            using var arguments = new NativeTexts(launch.Arguments);
            using var environment = new NativeTexts(launch.Environment);
            fixed (byte* path = Encoding.UTF8.GetBytes(launch.Program + '\0'))
            {
                lock (MarkInUse)
                {
                    using var marked = new Marked(mark);
                    pid = 0;
                    return !mayStart() ? 0 : Posix.Spawn(out pid, path, actions, attributes, arguments.Pointers, environment.Pointers);
                }
            }
        }
        finally
        {
            _ = Posix.DestroyActions(actions);
            _ = Posix.DestroyAttributes(attributes);
        }
    }

    private static void Connect(byte* actions, string folder, SafeFileHandle output, SafeFileHandle? input)
    {
        if (input is null)
        {
            _ = Posix.AddOpen(actions, 0, "/dev/null", Posix.ReadOnly, 0);
        }
        else
        {
            _ = Posix.AddDuplicate(actions, (int)input.DangerousGetHandle(), 0);
        }

        _ = Posix.AddDuplicate(actions, (int)output.DangerousGetHandle(), 1);
        _ = Posix.AddDuplicate(actions, (int)output.DangerousGetHandle(), 2);
        _ = Posix.AddChangeFolder(actions, folder);
        CloseOthers(actions);
    }

    /// <summary>All descriptors of our own are closed by the exec; those that this process was handed by whoever started it are not.</summary>
    private static void CloseOthers(byte* actions)
    {
        if (KnowsCloseFrom)
        {
            _ = Posix.AddCloseFrom(actions, 3);
            return;
        }

        foreach (var entry in Directory.EnumerateFiles("/proc/self/fd"))
        {
            var known = int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var descriptor);
            if (known && descriptor > 2 && Posix.IsInherited(descriptor))
            {
                _ = Posix.AddClose(actions, descriptor);
            }
        }
    }

    /// <summary>A session of its own, no signal blocked, none ignored (.NET ignores SIGPIPE, which programs would inherit).</summary>
    private static void StartFresh(byte* attributes)
    {
        var none = stackalloc ulong[RecordRoom / sizeof(ulong)];
        new Span<byte>(none, RecordRoom).Clear();
        _ = Posix.SetSignalMask(attributes, none);
        for (var signal = 1; signal <= Signals; signal++)
        {
            none[0] |= signal is Posix.SigKill or Posix.SigStop ? 0 : 1UL << (signal - 1);
        }

        _ = Posix.SetSignalDefaults(attributes, none);
        _ = Posix.SetFlags(attributes, Posix.SpawnSetSession | Posix.SpawnSetSignalMask | Posix.SpawnSetSignalDefaults);
    }

    /// <summary>Puts a mark on this process until disposed.</summary>
    private readonly ref struct Marked
    {
        private readonly Posix.Limit _before;

        public Marked(ulong? mark)
        {
            if (mark is not { } number)
            {
                return;
            }

            Posix.Limit before;
            if (Posix.LocksLimit(0, null, &before) && before.Hard >= number)
            {
                var marked = new Posix.Limit { Soft = number, Hard = before.Hard };
                IsSet = Posix.LocksLimit(0, &marked, null);
                _before = before;
            }
        }

        public bool IsSet { get; }

        public void Dispose()
        {
            if (IsSet)
            {
                var before = _before;
                _ = Posix.LocksLimit(0, &before, null);
            }
        }
    }

    /// <summary>A null-ended array of texts in native memory.</summary>
    private readonly ref struct NativeTexts
    {
        private readonly int _count;

        public NativeTexts(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var index = 0; index < _count; index++)
            {
                Pointers[index] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[index]);
            }
        }

        public byte** Pointers { get; }

        public void Dispose()
        {
            for (var index = 0; index < _count; index++)
            {
                Marshal.FreeCoTaskMem((nint)Pointers[index]);
            }

            NativeMemory.Free(Pointers);
        }
    }
}
