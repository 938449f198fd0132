using System.Diagnostics;

namespace Pontual.Bench;

/// <summary>A <c>pontual serve</c> as a user starts it, all roles, on SQLite.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private ServeProcess(Process process) => _process = process;

    /// <summary>In MB of 1,048,576 bytes.</summary>
    public double ResidentMemory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <param name="data">Its data folder.</param>
    /// <param name="pack">Jobs to apply; null for those that are there.</param>
    /// <param name="settings">A file with settings of the server; null for none.</param>
    public static ServeProcess Start(string data, string? pack, string? settings = null)
    {
        var program = Environment.GetEnvironmentVariable("PONTUAL_BENCH_PROGRAM") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "pontual.dll");
        List<string> arguments = ["serve", "--data", data, "--urls", "http://127.0.0.1:0"];
        if (pack is not null)
        {
            arguments.AddRange(["--pack", pack]);
        }

        if (settings is not null)
        {
            arguments.AddRange(["--config", settings]);
        }

        var isLibrary = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isLibrary ? "dotnet" : program, isLibrary ? [program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServeProcess(process);
    }

    /// <exception cref="InvalidOperationException">The server ended, or 2 min went by.</exception>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (_process.HasExited || waited.Elapsed > Limit)
            {
                throw new InvalidOperationException("The server ended, or did not do in time what is measured.");
            }

            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
