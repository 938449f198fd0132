using System.Diagnostics;
using Pontual.Cli.Connection;
using Pontual.Server.Composition;

namespace Pontual.Cli.Doctor;

/// <summary>Looks at the data folder of this machine: rights, room, the note of the running server, and the folders of logs.</summary>
internal static class FolderExam
{
    private const long Tight = 1L << 30;
    private const long Full = 100L << 20;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    public static IEnumerable<Symptom> Look(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield return Symptom.Fail(
                "data folder",
                $"{folder} is not there",
                "Name the right one with --data DIR, or make it with 'pontual serve'."
            );
            yield break;
        }

        yield return Rights(folder);
        yield return Room(folder);
        yield return Note(folder);
    }

    /// <summary>Whether each folder that logs go to can be written by this user.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="logs">The log files of jobs, as their definitions name them.</param>
    public static Symptom Logs(string folder, IReadOnlyCollection<string> logs)
    {
        var root = Path.Combine(folder, "logs");
        var folders = logs.Select(log => Path.GetDirectoryName(Path.Combine(root, log))!).Append(root).Distinct().ToList();
        var refused = folders.Select(place => (place, WhyNot(place))).Where(pair => pair.Item2 is not null).ToList();
        return refused.Count == 0
            ? Symptom.Ok("log folders", $"{folders.Count} can be written, {root} among them")
            : Symptom.Fail(
                "log folders",
                string.Join("; ", refused.Select(pair => $"{pair.place}: {pair.Item2}")),
                "Let the user that runs Pontual write there (chown, chmod), or give the jobs another 'log'."
            );
    }

    private static Symptom Rights(string folder)
    {
        if (WhyNot(folder) is { } refused)
        {
            return Symptom.Fail(
                "data folder",
                $"{folder} cannot be written: {refused}",
                "Run this as the user that runs Pontual, and let that user write the folder."
            );
        }

        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) != UnixFileMode.None
            ? Symptom.Warn("data folder", $"{folder} is open to other users of this machine", $"Close it: chmod 700 {folder}")
            : Symptom.Ok("data folder", $"{folder} can be written, by its owner only");
    }

    private static Symptom Room(string folder)
    {
        var drive = new DriveInfo(Path.GetFullPath(folder));
        var free = drive.AvailableFreeSpace;
        var found = $"{Size(free)} free of {Size(drive.TotalSize)} for {folder}";
        return free < Full ? Symptom.Fail("disk space", found, "Free some: Pontual cannot record runs on a full disk.")
            : free < Tight ? Symptom.Warn("disk space", found, "Free some before it is full, or keep history for a shorter time.")
            : Symptom.Ok("disk space", found);
    }

    private static Symptom Note(string folder)
    {
        var path = Path.Combine(folder, DiscoveryFile.Name);
        if (!File.Exists(path))
        {
            return Symptom.Fail("process", $"no server runs on {folder}", "Start one: pontual serve");
        }

        try
        {
            if (RunningServer.Find(folder) is not { } running)
            {
                return Symptom.Fail(
                    "process",
                    $"{path} is there, and the process it names is not: the server was killed",
                    "Start it again: pontual serve"
                );
            }

            using var process = Process.GetProcessById(running.Pid);
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None
                ? Symptom.Fail(
                    "process",
                    $"{path} holds a token, and other users may read it",
                    $"Close it: chmod 600 {path}, and start the server again."
                )
                : Symptom.Ok("process", $"{running.Pid} ({process.ProcessName}) runs and listens on {running.Url}");
        }
        catch (CommandFailure refused)
        {
            return Symptom.Skip("process", refused.Message);
        }
        catch (ArgumentException)
        {
            return Symptom.Fail("process", "the server ended just now", "Start it again: pontual serve");
        }
    }

    /// <summary>Why a file cannot be made in a folder, or in the one it would be made in; null when it can.</summary>
    private static string? WhyNot(string folder)
    {
        var place = folder;
        while (!Directory.Exists(place))
        {
            if (File.Exists(place) || Path.GetDirectoryName(place) is not { } above)
            {
                return "it is no folder";
            }

            place = above;
        }

        try
        {
            using var probe = new FileStream(
                Path.Combine(place, $".pontual-{Path.GetRandomFileName()}"),
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Options = FileOptions.DeleteOnClose,
                }
            );
            return null;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return refused.Message;
        }
    }

    private static string Size(long bytes) =>
        bytes >= 1L << 30
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GB")
            : $"{bytes >> 20} MB";
}
