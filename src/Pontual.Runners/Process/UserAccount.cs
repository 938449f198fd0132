using System.Runtime.InteropServices;

namespace Pontual.Runners.Process;

/// <summary>A user of this machine.</summary>
internal sealed record UserAccount(string Name, uint Id, uint Group, string Home, string Shell)
{
    private const int Room = 16 << 10;

    public bool IsCurrent => Id == Posix.EffectiveUser();

    /// <summary>Null when there is no such user.</summary>
    public static unsafe UserAccount? Find(string name)
    {
        Posix.UserEntry entry;
        Posix.UserEntry* found = null;
        var buffer = stackalloc byte[Room];
        return Posix.FindUser(name, &entry, buffer, Room, &found) == 0 && found is not null ? From(entry) : null;
    }

    /// <summary>The user this process runs as; made up when it is not in the user list, as in many containers.</summary>
    public static unsafe UserAccount Current()
    {
        var id = Posix.EffectiveUser();
        Posix.UserEntry entry;
        Posix.UserEntry* found = null;
        var buffer = stackalloc byte[Room];
        return Posix.FindUser(id, &entry, buffer, Room, &found) == 0 && found is not null
            ? From(entry)
            : new UserAccount($"{id}", id, 0, "/", "/bin/sh");
    }

    private static unsafe UserAccount From(Posix.UserEntry entry) =>
        new(Text(entry.Name, ""), entry.Id, entry.Group, Text(entry.Home, "/"), Text(entry.Shell, "/bin/sh"));

    private static unsafe string Text(byte* text, string otherwise) =>
        Marshal.PtrToStringUTF8((nint)text) is { Length: > 0 } found ? found : otherwise;
}
