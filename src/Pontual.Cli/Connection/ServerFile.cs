using System.Diagnostics;
using System.Text.Json;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Connection;

/// <summary>The discovery file <c>server.json</c> that a running server keeps in its data folder.</summary>
/// <param name="Url">Where it answers.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Token">The local administrator's token.</param>
internal sealed record ServerFile(Uri Url, int Pid, string? Token)
{
    /// <summary>The file of a server that runs on the folder now; null when none does (a killed server leaves its file behind).</summary>
    public static ServerFile? Find(string folder)
    {
        var path = Path.Combine(folder, "server.json");
        try
        {
            return File.Exists(path) && Read(File.ReadAllText(path)) is { } file && IsAlive(file.Pid) ? file : null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.Refused,
                $"{path} belongs to another user: a server runs there, and only its user may read its token. Give --server URL and --token."
            );
        }
    }

    private static ServerFile? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Uri.TryCreate(json.RootElement.Text("url"), UriKind.Absolute, out var url)
                ? new ServerFile(url, (int)(json.RootElement.Number("pid") ?? 0), json.RootElement.Text("token"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
