using System.Diagnostics;
using System.Text;

namespace Pontual.EndToEnd.Tests.Running;

/// <summary>The built program as a process of its own: what people and scripts start.</summary>
internal sealed class PontualProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _outputRead;
    private readonly Task _errorRead;

    private PontualProcess(Process process)
    {
        _process = process;
        _outputRead = ReadAsync(process.StandardOutput, _output);
        _errorRead = ReadAsync(process.StandardError, _error);
    }

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>All it wrote so far, for searching and for messages.</summary>
    public string Written
    {
        get
        {
            lock (_output)
            {
                lock (_error)
                {
                    return $"{_output}\n{_error}";
                }
            }
        }
    }

    /// <summary>Starts it. Nothing of the developer's own settings reaches it.</summary>
    public static PontualProcess Start(string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        Start(Launcher.Usual, folder, arguments, environment);

    /// <summary>As above, in a way of the caller's choice.</summary>
    public static PontualProcess Start(
        Launcher launcher,
        string folder,
        IEnumerable<string> arguments,
        params (string Name, string Value)[] environment
    ) => Start(launcher, folder, arguments, input: "", environment);

    private static PontualProcess Start(
        Launcher launcher,
        string folder,
        IEnumerable<string> arguments,
        string input,
        (string Name, string Value)[] environment
    )
    {
        var (file, line) = launcher.Line(arguments);
        var start = new ProcessStartInfo(file, line)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = folder;
        start.Environment["PONTUAL_DATA"] = folder;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new PontualProcess(process);
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<Answer> RunAsync(string folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        RunAsync(folder, arguments, input: "", environment);

    /// <summary>As above, with something on standard input.</summary>
    public static async Task<Answer> RunAsync(
        string folder,
        IEnumerable<string> arguments,
        string input,
        params (string Name, string Value)[] environment
    )
    {
        var given = arguments.ToList();
        await using var program = Start(Launcher.Usual, folder, given, input, environment);
        await program.EndAsync(TimeSpan.FromSeconds(60));
        return new Answer(
            $"pontual {string.Join(' ', given)}",
            program._process.ExitCode,
            program._output.ToString(),
            program._error.ToString()
        );
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            await Task.WhenAll(_outputRead, _errorRead).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"It did not end within {patience}:\n{Written}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>SIGTERM, as a service manager sends it. Handled as Ctrl-C is, but heard also where a shell started the tests in the background and SIGINT is ignored.</summary>
    public void Stop() => Assert.Equal(0, Signals.Send(Pid, Signals.Terminate));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("PONTUAL", StringComparison.OrdinalIgnoreCase)
        || name is "RUN_MODE" or "PILOT_MODE" or "APP_ENV" or "NO_COLOR" or "XDG_DATA_HOME" or "DOTNET_RUNNING_IN_CONTAINER";

    private static async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var read)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }
}
