using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Running;

/// <summary><c>pontual serve</c> on a folder of its own and a free port, with the commands that talk to it.</summary>
internal sealed class Served : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(40);

    private readonly string _folder;
    private PontualProcess _process;

    private Served(string folder, PontualProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public PontualProcess Process => _process;

    /// <summary>Starts a server and waits until it answers.</summary>
    public static Task<Served> StartAsync(string folder, params string[] more) => StartAsync(folder, [], more);

    /// <summary>As above, with variables in its environment.</summary>
    public static async Task<Served> StartAsync(string folder, (string Name, string Value)[] environment, params string[] more)
    {
        var served = new Served(folder, PontualProcess.Start(folder, ["serve", "--urls", "http://127.0.0.1:0", .. more], environment));
        await Wait.ForTextAsync(served._process, "Pontual answers on", StartTime);
        return served;
    }

    /// <summary>kill -9, and start again on what is left.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process.KillAsync();
        await _process.DisposeAsync();
        _process = PontualProcess.Start(_folder, ["serve", "--urls", "http://127.0.0.1:0"]);
        await Wait.ForTextAsync(_process, "Pontual answers on", StartTime);
    }

    /// <summary>Runs a command that finds this server by its folder.</summary>
    public Task<Answer> DoAsync(params string[] arguments) => PontualProcess.RunAsync(_folder, arguments);

    /// <summary>As above, with a line on standard input.</summary>
    public Task<Answer> DoWithInputAsync(string line, params string[] arguments) =>
        PontualProcess.RunAsync(_folder, arguments, $"{line}\n");

    /// <summary>The runs of a job, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> RunsAsync(string job)
    {
        var answer = (await DoAsync("job", "history", job, "-n", "500", "--json")).Ok();
        return [.. answer.Json.GetProperty("items").EnumerateArray()];
    }

    /// <summary>Waits until a job has a run that is as described.</summary>
    public async Task<JsonElement> RunAsync(string job, string what, TimeSpan patience, Func<JsonElement, bool> isIt)
    {
        var found = await Wait.ForAsync<object>(
            $"run of {job} that is {what}",
            patience,
            async () =>
            {
                var runs = await RunsAsync(job);
                return runs.Any(isIt) ? runs.First(isIt) : null;
            },
            () => _process.Written
        );
        return (JsonElement)found;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
