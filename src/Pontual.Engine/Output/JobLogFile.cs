namespace Pontual.Engine.Output;

/// <summary>A job's own log file: appended to as a shell's <c>&gt;&gt;</c> would, byte for byte, and rotated by size.</summary>
/// <remarks>The file is opened for each piece, so that runs of several nodes, a rotation by another and a deleted file are all fine.</remarks>
public sealed class JobLogFile(string path, OutputOptions options)
{
    /// <summary>Where it is: <c>log:</c> as it stands when absolute, else below the data folder's <c>logs</c>.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(options.DataFolder), "logs", path);

    /// <summary>Adds bytes at the end, making the file and its folders when they are missing.</summary>
    /// <exception cref="IOException">The disk is full, or the path is no place for a file.</exception>
    /// <exception cref="UnauthorizedAccessException">Permission is missing.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (new FileInfo(Path) is { Exists: true, Length: > 0 } file && file.Length + bytes.Length > options.LogFileBytes)
        {
            LogRotation.ByRename(Path, options.LogFileBytes - bytes.Length, options.LogFiles);
        }

        try
        {
            AppendOnlyFile.Append(Path, bytes);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            AppendOnlyFile.Append(Path, bytes);
        }
    }
}
