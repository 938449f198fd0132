using System.Diagnostics;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>Wall clocks of single processes, to be set while they run. Their monotonic clocks, and everybody else's, stay as they are.</summary>
/// <remarks>A small library that is loaded before the C library (<c>clock.c</c>), compiled when it is needed.</remarks>
internal sealed class ShiftedClock : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-clock-").FullName;

    private ShiftedClock() { }

    /// <summary>Whether there is a C compiler.</summary>
    public static bool CanCompile { get; } = OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc");

    private string Library => Path.Combine(_folder, "clock.so");

    public static async Task<ShiftedClock> CompileAsync()
    {
        var clock = new ShiftedClock();
        var source = Path.Combine(AppContext.BaseDirectory, "Faults", "clock.c");
        using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", clock.Library, source, "-ldl"]);
        await compiler.WaitForExitAsync();
        Assert.Equal(0, compiler.ExitCode);
        return clock;
    }

    /// <summary>The variables that give a process a clock of that number.</summary>
    public (string Name, string Value)[] Environment(int number)
    {
        if (!File.Exists(PathOf(number)))
        {
            Set(number, TimeSpan.Zero);
        }

        return [("LD_PRELOAD", Library), ("WITNESS_CLOCK", PathOf(number))];
    }

    /// <summary>Sets a clock to that much before or after the true time.</summary>
    public void Set(int number, TimeSpan ahead)
    {
        using var file = new FileStream(PathOf(number), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(BitConverter.GetBytes(ahead.Ticks * 100));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(int number) => Path.Combine(_folder, $"{number}");
}

/// <summary>A test that sets the clocks of processes.</summary>
internal sealed class ShiftedClockFactAttribute : FactAttribute
{
    public ShiftedClockFactAttribute() =>
        Skip = ShiftedClock.CanCompile ? null : "There is no C compiler (/usr/bin/cc) to make the clock with.";
}
