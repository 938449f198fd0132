using System.Text.Json;

namespace Pontual.Server.Composition;

/// <summary><c>server.json</c> in the data folder: how the command line finds a server on its machine and is let in. Mode 0600.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Token">Its local admin token, new at each start.</param>
public sealed record DiscoveryFile(Uri Url, int Pid, string Token)
{
    /// <summary>Its name in the data folder.</summary>
    public const string Name = "server.json";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <returns>What the file of a data folder says; null when there is none or it cannot be read as such. The server may be gone.</returns>
    public static DiscoveryFile? Read(string dataFolder)
    {
        try
        {
            var json = JsonElement.Parse(File.ReadAllBytes(Path.Combine(dataFolder, Name)));
            return new DiscoveryFile(
                new Uri(json.GetProperty("url").GetString()!),
                json.GetProperty("pid").GetInt32(),
                json.GetProperty("token").GetString()!
            );
        }
        catch (Exception problem)
            when (problem
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentNullException
            )
        {
            return null;
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    internal void Write(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        var fresh = $"{path}.{Pid}.tmp";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(
                stream,
                new
                {
                    url = Url.ToString().TrimEnd('/'),
                    pid = Pid,
                    token = Token,
                }
            );
        }

        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Removes the file if it is still this server's own.</summary>
    internal void Remove(string dataFolder)
    {
        if (Read(dataFolder)?.Token == Token)
        {
            File.Delete(Path.Combine(dataFolder, Name));
        }
    }
}
