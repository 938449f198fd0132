using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Cli;

/// <summary>One server for all commands of a class, with a job that waits, a job that runs for long, and a token that may only read.</summary>
public sealed class ServerFixture : IAsyncLifetime, IDisposable
{
    private readonly Folder _folder = new();

    internal Served Server { get; private set; } = null!;

    internal string Path => _folder.Path;

    internal string ReadToken { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var pack = _folder.Write(
            "start.yaml",
            """
            jobs:
              - name: quiet
                target: { process: { command: "true" } }
              - name: long
                target: { process: { command: "sleep 600" } }
            """
        );
        Server = await Served.StartAsync(_folder.Path, "--pack", pack);
        (await Server.DoAsync("job", "run", "long")).Ok();
        await Server.RunAsync("long", "running", TimeSpan.FromSeconds(20), run => run.GetProperty("state").GetString() == "running");
        ReadToken = (await Server.DoAsync("token", "create", "reader", "--scope", "read", "--json"))
            .Ok()
            .Json.GetProperty("token")
            .GetString()!;
        _folder.Write(
            "bad.yaml",
            "jobs:\n  - name: broken\n    schedule: { cron: \"61 * * * *\" }\n    target: { process: { command: x } }\n"
        );
        _folder.Write(
            "twice.yaml",
            "jobs:\n  - { name: a, target: { process: { command: x } } }\n  - { name: a, target: { process: { command: x } } }\n"
        );
        _folder.Write("key.yaml", "jobs:\n  - { name: a, tiemout: 5s, target: { process: { command: x } } }\n");
        _folder.Write("kind.yaml", "jobs:\n  - { name: a, target: { ftp: { url: x } } }\n");
        _folder.Write("handler.yaml", "jobs:\n  - { name: a, target: { handler: {} } }\n");
        _folder.Write("tab.yaml", "jobs:\n\t- name: a\n");
        _folder.Write("empty.yaml", "");
        _folder.Write("list.yaml", "- a\n- b\n");
        _folder.Write("latin.yaml", "jobs: []\n");
        await File.WriteAllBytesAsync(System.IO.Path.Combine(_folder.Path, "latin.yaml"), [0x6a, 0xe9, 0xff, 0x0a]);
        _folder.Write("role.yaml", "server: { role: boss }\n");
        _folder.Write("crontab", "* * * * * echo ok\nnot a line\n@fortnightly echo up\n");
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
