using Pontual.EndToEnd.Tests.Running;
using Pontual.TestKit;

namespace Pontual.EndToEnd.Tests.Julia;

/// <summary>One server with <c>packs/julia.yaml</c> and the stand-in that its jobs call, for all tests of a class.</summary>
public sealed class JuliaFixture : IAsyncLifetime, IDisposable
{
    /// <summary>Due once a week: a run by hand meets no other.</summary>
    public const string FailingPath = "/jobs/report-semanal";
    public const string FailingJob = "report_semanal";

    private readonly Folder _folder = new();

    public static string Pack { get; } = Repository.Path("packs/julia.yaml");

    internal Folder Folder => _folder;

    internal JobsTarget Target { get; private set; } = null!;

    internal Served Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Target = await JobsTarget.StartAsync(FailingPath);
        Server = await Served.StartAsync(_folder.Path, [("API_BASE", Target.Url)], "--pack", Pack);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Target.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
