using System.Text;

namespace Pontual.Server.Packs;

/// <summary>A file of definitions, read into memory.</summary>
/// <param name="Name">How it is named in messages: its path as the user gave it.</param>
/// <param name="Text">What is in it.</param>
public sealed record PackFile(string Name, string Text)
{
    /// <summary>Where files that it names are found; null when it was sent by somebody who has them elsewhere.</summary>
    public string? Folder { get; init; }

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int Largest = 8 * 1024 * 1024;

    /// <summary>Reads a file as UTF-8.</summary>
    /// <returns>The file, or the problem that stands in its place; exactly one of both is null.</returns>
    public static async Task<(PackFile? File, PackProblem? Problem)> LoadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path).Length > Largest)
            {
                return (null, Unreadable(path, $"it is larger than {Largest / 1024 / 1024} MiB", "split it"));
            }

            var (file, problem) = Decode(path, await File.ReadAllBytesAsync(path, cancellation));
            return (file is null ? null : file with { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) }, problem);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, Unreadable(path, failure.Message.TrimEnd('.'), "check the path and who may read it"));
        }
    }

    /// <summary>Takes bytes as UTF-8, with or without a byte order mark.</summary>
    /// <returns>As <see cref="LoadAsync"/>.</returns>
    public static (PackFile? File, PackProblem? Problem) Decode(string name, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return (new PackFile(name, text.TrimStart('\uFEFF')), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, Unreadable(name, "it is not UTF-8 text", "save it as UTF-8"));
        }
    }

    private static PackProblem Unreadable(string name, string reason, string fix) =>
        new(name, 1, 1, "", "file", $"the file cannot be read: {reason}", fix);
}
