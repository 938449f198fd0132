namespace Pontual.Engine.Output;

/// <summary>Moves a log file that grew too large aside: <c>x.log</c> to <c>x.log.1</c>, that to <c>x.log.2</c>, and so on.</summary>
/// <remarks>A lock file beside the log keeps two processes from rotating at once; whoever comes second leaves it to the first.</remarks>
public static class LogRotation
{
    private const int CopyBuffer = 1 << 16;

    /// <summary>Renames the file: for files whose writers open them anew, as <see cref="JobLogFile"/> does.</summary>
    /// <param name="path">The log.</param>
    /// <param name="aboveBytes">Nothing happens unless it is larger than this.</param>
    /// <param name="keep">Rotated files kept; 1 or more.</param>
    /// <returns>Whether it was rotated.</returns>
    public static bool ByRename(string path, long aboveBytes, int keep) =>
        Rotate(path, aboveBytes, keep, () => File.Move(path, Numbered(path, 1), overwrite: true));

    /// <summary>Copies the file and empties it: for files that a shell's redirection holds open. Lines written in the moment between are lost.</summary>
    /// <inheritdoc cref="ByRename"/>
    public static bool ByCopy(string path, long aboveBytes, int keep) => Rotate(path, aboveBytes, keep, () => CopyAndEmpty(path));

    private static bool Rotate(string path, long aboveBytes, int keep, Action moveAside)
    {
        if (!IsLarger(path, aboveBytes))
        {
            return false;
        }

        using var turn = TryTakeTurn(path);
        if (turn is null || !IsLarger(path, aboveBytes))
        {
            return false;
        }

        for (var number = keep - 1; number >= 1; number--)
        {
            if (File.Exists(Numbered(path, number)))
            {
                File.Move(Numbered(path, number), Numbered(path, number + 1), overwrite: true);
            }
        }

        moveAside();
        return true;
    }

    /// <summary>Copies until the copy has caught up with the writer, so that the gap before the truncation is one system call.</summary>
    private static void CopyAndEmpty(string path)
    {
        using var log = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var copy = new FileStream(Numbered(path, 1), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var buffer = new byte[CopyBuffer];
        for (int read; (read = log.Read(buffer)) > 0; )
        {
            copy.Write(buffer, 0, read);
        }

        log.SetLength(0);
    }

    private static bool IsLarger(string path, long bytes) => new FileInfo(path) is { Exists: true } file && file.Length > bytes;

    private static FileStream? TryTakeTurn(string path)
    {
        var lockFile = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.lock");
        try
        {
            return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Numbered(string path, int number) => $"{path}.{number}";
}
