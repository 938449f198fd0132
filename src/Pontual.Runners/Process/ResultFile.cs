using System.Runtime.Versioning;
using System.Text.Json;
using Pontual.Engine.Executing;

namespace Pontual.Runners.Process;

/// <summary>A file that a program may write its JSON result to.</summary>
internal sealed class ResultFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] CountNames = ["items_processed", "processed", "total_processados"];

    private ResultFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes an empty file that only <paramref name="account"/> may write, in a folder where only we may replace it.</summary>
    [SupportedOSPlatform("linux")]
    public static ResultFile Create(string folder, ulong number, UserAccount account)
    {
        var path = System.IO.Path.Combine(folder, $"{number:x}.json");
        new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }
        ).Dispose();
        if (!account.IsCurrent)
        {
            _ = Posix.ChangeOwner(path, account.Id, account.Group);
        }

        return new ResultFile(path);
    }

    /// <summary>What the program wrote; null for nothing. What is no JSON object or is too large is said in the output and left out.</summary>
    public string? Read(int limit, IAttemptOutput output)
    {
        var length = new FileInfo(Path) is { Exists: true } file ? file.Length : 0;
        if (length > limit)
        {
            output.WriteLine($"[result left out: {length} bytes in PONTUAL_RESULT, at most {limit} are kept]");
            return null;
        }

        var text = length == 0 ? "" : File.ReadAllText(Path).Trim();
        if (text.Length > 0 && !IsObject(text))
        {
            output.WriteLine("[result left out: what is in PONTUAL_RESULT is not a JSON object]");
            return null;
        }

        return text.Length == 0 ? null : text;
    }

    public static bool IsObject(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>How many items a result says were processed.</summary>
    public static long? ItemsProcessed(string? result)
    {
        if (result is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(result);
        foreach (var name in CountNames)
        {
            if (
                json.RootElement.TryGetProperty(name, out var count)
                && count.ValueKind is JsonValueKind.Number
                && count.TryGetInt64(out var items)
            )
            {
                return items;
            }
        }

        return null;
    }

    public void Dispose() => File.Delete(Path);
}
