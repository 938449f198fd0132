using Pontual.Engine.Nodes;

namespace Pontual.Server.Composition;

/// <summary>The folder a server keeps its files in.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder when it is not there, for its owner only.</summary>
    /// <exception cref="StartRefusedException">It cannot be made or written.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartRefusedException($"The data folder '{folder}' cannot be made: {problem.Message}", problem);
        }
    }

    /// <summary>How much room its disk has; null where that cannot be told.</summary>
    public static DiskSpace? SpaceOf(string folder)
    {
        try
        {
            var drive = new DriveInfo(Path.GetFullPath(folder));
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
