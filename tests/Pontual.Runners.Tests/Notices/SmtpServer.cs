using System.Diagnostics;
using System.Text.Json;
using Pontual.TestKit;
using SystemProcess = System.Diagnostics.Process;

namespace Pontual.Runners.Tests.Notices;

/// <summary>An SMTP server that is not ours, as a process of its own.</summary>
internal sealed class SmtpServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SystemProcess _process;

    private SmtpServer(SystemProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<SmtpServer> StartAsync(string user, string password)
    {
        var start = new ProcessStartInfo("node", ["server.mjs", user, password])
        {
            WorkingDirectory = SmtpFactAttribute.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = SystemProcess.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return new SmtpServer(process, JsonElement.Parse(line!).GetProperty("port").GetInt32());
    }

    /// <summary>The next mail.</summary>
    public async Task<JsonElement> MailAsync() => JsonElement.Parse((await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

/// <summary>Runs where <c>./test</c> has installed the server.</summary>
internal sealed class SmtpFactAttribute : FactAttribute
{
    public SmtpFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Skip = "The SMTP server is not installed: ./test does that, with node and npm.";
        }
    }

    public static string Folder { get; } = Repository.Path("artifacts/smtp");
}
