using Pontual.Engine.Jobs;
using Pontual.Server.Packs;

namespace Pontual.Server.Demo;

/// <summary>The jobs of the demonstration, <c>packs/demo.yaml</c>, carried in the program.</summary>
public static class DemoPack
{
    /// <summary>Its name in messages.</summary>
    public const string Name = "packs/demo.yaml";

    /// <summary>The job that the demonstration pauses when it starts for the first time.</summary>
    public static JobName PausedJob { get; } = JobName.Parse("newsletter");

    /// <summary>The file.</summary>
    public static PackFile File()
    {
        using var stream = typeof(DemoPack).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream);
        return new PackFile(Name, reader.ReadToEnd());
    }
}
