using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pontual.Runners.Process;

/// <summary>The system calls of Linux that .NET does not offer. Names as in the manual; numbers of x64 and arm64, glibc and musl.</summary>
internal static unsafe partial class Posix
{
    /// <summary>glibc 2.34 and later have it; musl does not.</summary>
    public const string CloseFromName = "posix_spawn_file_actions_addclosefrom_np";

    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    public const int NoSuchEntry = 2;
    public const int TooBig = 7;
    public const int NotExecutable = 8;
    public const int NoChild = 10;
    public const int NotPermitted = 13;

    public const short PollIn = 1;
    public const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    public const int ReadOnly = 0;
    public const int NoHang = 1;

    public const short SpawnSetSignalDefaults = 4;
    public const short SpawnSetSignalMask = 8;
    public const short SpawnSetSession = 0x80;

    private const int SetChildSubreaper = 36;
    private const int LimitLocks = 10;
    private const int GetDescriptorFlags = 1;
    private const int SetStatusFlags = 4;
    private const long PidFdOpen = 434;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <summary>Makes orphaned descendants our children instead of init's.</summary>
    public static bool BecomeSubreaper() => Control(SetChildSubreaper, 1, 0, 0, 0) == 0;

    /// <summary>Reads and sets the limit on file locks, which no kernel since 2.4 looks at. 0 is this process.</summary>
    public static bool LocksLimit(int pid, Limit* replacement, Limit* before) => ResourceLimit(pid, LimitLocks, replacement, before) == 0;

    /// <summary>A handle that becomes readable when the process ends; invalid on kernels before 5.3.</summary>
    public static SafeFileHandle OpenProcess(int pid) => new((int)SystemCall(PidFdOpen, pid, 0), ownsHandle: true);

    /// <summary>Whether a program started by us would get the descriptor.</summary>
    public static bool IsInherited(int descriptor) => DescriptorControl(descriptor, GetDescriptorFlags, 0) == 0;

    public static void SetNonBlocking(SafeFileHandle file) =>
        DescriptorControl((int)file.DangerousGetHandle(), SetStatusFlags, NonBlocking);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(out int pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclose")]
    public static partial int AddClose(void* actions, int descriptor);

    [LibraryImport("libc", EntryPoint = CloseFromName)]
    public static partial int AddCloseFrom(void* actions, int lowest);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddChangeFolder(void* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalDefaults(void* attributes, ulong* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(void* attributes, ulong* signals);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int from);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Wait(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindUser(string name, UserEntry* entry, byte* buffer, nuint size, UserEntry** found);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    public static partial int FindUser(uint id, UserEntry* entry, byte* buffer, nuint size, UserEntry** found);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int ResourceLimit(int pid, int resource, Limit* replacement, Limit* before);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(long number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int DescriptorControl(int descriptor, int command, int argument);

    /// <summary><c>struct passwd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UserEntry
    {
        public byte* Name;
        public byte* Password;
        public uint Id;
        public uint Group;
        public byte* Comment;
        public byte* Home;
        public byte* Shell;
    }
}
