using System.Text.RegularExpressions;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>One node as a process of its own, to be killed, held up and started again. Each start is a generation with a name of its own, which its
/// targets are told.</summary>
internal sealed partial class FleetNode(string name, string folder, Launcher launcher, params (string Name, string Value)[] environment)
    : IAsyncDisposable
{
    public const string AdminToken = "the-administrator-of-the-fault-programme";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<int, int> _logged = [];
    private PontualProcess? _process;
    private int _generation;
    private volatile bool _over;

    /// <summary>What its targets know it by.</summary>
    public string Witness => $"{name}.{_generation}";

    /// <summary>How it is started; a change matters from the next start on.</summary>
    public Launcher Launcher { get; set; } = launcher;

    /// <summary>Where it answers; null while it is down, held up, or about to start.</summary>
    public Uri? Url { get; private set; }

    public int Pid => _process!.Pid;

    public bool IsUp => _process is { HasEnded: false };

    /// <summary>What the process that runs, or ran last, wrote.</summary>
    public string Written => _process?.Written ?? "";

    /// <summary>Starts it, again and again as a service manager does, until it answers.</summary>
    public async Task StartAsync()
    {
        Directory.CreateDirectory(folder);
        using var patience = new CancellationTokenSource(StartTime, TimeProvider.System);
        while (!_over)
        {
            await ForgetAsync();
            _generation++;
            (string, string)[] own = [("WITNESS_NODE", Witness), ("PONTUAL_ADMIN_TOKEN", AdminToken), ("DOTNET_TieredPGO", "0")];
            _process = PontualProcess.Start(Launcher, folder, ["serve", "--urls", "http://127.0.0.1:0"], [.. own, .. environment]);
            if (await AnswersAsync(_process, patience.Token))
            {
                return;
            }

            await Task.Delay(Breath, TimeProvider.System, patience.Token);
        }
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        Url = null;
        return _process!.KillAsync();
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopAsync()
    {
        Url = null;
        _process!.Stop();
        return _process.EndAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Holds the node's process up. What it started is not: its supervisor sees to that.</summary>
    public void Pause()
    {
        Url = null;
        Assert.Equal(0, Signals.Send(Pid, Signals.Stop));
    }

    public void Resume()
    {
        Assert.Equal(0, Signals.Send(Pid, Signals.Continue));
        Url = UrlIn(Written);
    }

    /// <summary>How often all its generations together logged an event.</summary>
    public int Logged(int eventId) => _logged.GetValueOrDefault(eventId) + Events(Written).GetValueOrDefault(eventId);

    public async ValueTask DisposeAsync()
    {
        _over = true;
        if (IsUp)
        {
            _ = Signals.Send(Pid, Signals.Continue);
        }

        await ForgetAsync();
    }

    private async Task<bool> AnswersAsync(PontualProcess process, CancellationToken patience)
    {
        while (!process.HasEnded && !_over)
        {
            if (UrlIn(process.Written) is { } url)
            {
                Url = url;
                return true;
            }

            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"{Witness} did not start within {StartTime}:\n{process.Written}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return false;
    }

    private async Task ForgetAsync()
    {
        if (_process is null)
        {
            return;
        }

        await _process.DisposeAsync();
        foreach (var (id, count) in Events(_process.Written))
        {
            _logged[id] = _logged.GetValueOrDefault(id) + count;
        }

        _process = null;
    }

    private static Uri? UrlIn(string written) =>
        Answers().Match(written) is { Success: true } found ? new Uri(found.Groups[1].Value) : null;

    private static Dictionary<int, int> Events(string written) =>
        Event().Matches(written).CountBy(found => int.Parse(found.Groups[1].ValueSpan, provider: null)).ToDictionary();

    [GeneratedRegex(@"Pontual answers on (\S+)")]
    private static partial Regex Answers();

    [GeneratedRegex(@"^\S+ \w+: Pontual[\w.]+\[(\d+)\]", RegexOptions.Multiline)]
    private static partial Regex Event();
}
