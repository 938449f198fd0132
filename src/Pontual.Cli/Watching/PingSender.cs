using System.Net;
using Pontual.Engine.Runs;

namespace Pontual.Cli.Watching;

/// <summary>Reports a watched command. It waits little, and throws nothing: that a report fails is told in one line, and is never the command's fault.</summary>
internal sealed class PingSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    private readonly HttpClient _http;
    private readonly Guid _run;
    private readonly Task<string> _address;

    /// <param name="address">Where to report; may take a while, and may fail.</param>
    public PingSender(Task<string> address)
    {
        _address = address;
        _run = RunId.New(TimeProvider.System.GetUtcNow(), new SystemRandomBytes());
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(3) }) { Timeout = Patience };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("pontual-watch");
    }

    /// <summary>Says that the command began. One try: the end is what counts.</summary>
    public async Task StartAsync()
    {
        try
        {
            await SendAsync("start", []);
        }
        catch (Exception failure) when (IsOfReporting(failure))
        {
            // The end will say whether reports arrive.
        }
    }

    /// <summary>Says how it ended, and tries again a few times where that may help.</summary>
    /// <returns>Null when that was heard; else why not.</returns>
    public async Task<string?> EndAsync(int exitCode, byte[] tail)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await SendAsync(Math.Clamp(exitCode, 0, 255).ToString(System.Globalization.CultureInfo.InvariantCulture), tail);
                return null;
            }
            catch (Exception failure) when (IsOfReporting(failure))
            {
                if (tries == Waits.Length || failure is CommandFailure || !MayHelp(failure))
                {
                    return failure is TaskCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : failure.Message;
                }

                await Task.Delay(Waits[tries], TimeProvider.System);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsOfReporting(Exception failure) =>
        failure is HttpRequestException or TaskCanceledException or CommandFailure or IOException;

    private static bool MayHelp(Exception failure) =>
        failure is not HttpRequestException { StatusCode: { } status } || status is HttpStatusCode.TooManyRequests || (int)status >= 500;

    private async Task SendAsync(string signal, byte[] body)
    {
        var address = await _address;
        using var content = new ByteArrayContent(body);
        using var answer = await _http.PostAsync(new Uri($"{address}/{signal}?rid={_run}"), content);
        if (answer.StatusCode is HttpStatusCode.NotFound)
        {
            throw new HttpRequestException("there is no check with this address", null, answer.StatusCode);
        }

        answer.EnsureSuccessStatusCode();
    }
}
