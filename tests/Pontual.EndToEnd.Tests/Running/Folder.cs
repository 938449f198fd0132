namespace Pontual.EndToEnd.Tests.Running;

/// <summary>A temporary folder, gone with the test.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pontual-e2e-").FullName;

    /// <summary>Writes a file in it, with the folders that lead there.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is being killed still writes there; the runner's own temporary folder goes as a whole.
        }
    }
}
