using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Server.Composition;
using Pontual.Storage.Migrations;

namespace Pontual.Server.Tests.Access;

public sealed class ExposureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-open-").FullName;

    [Fact]
    public async Task A_server_that_others_reach_starts_once_somebody_could_get_in()
    {
        await using (var closed = Build())
        {
            var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PontualServer.StartAsync(closed, CancellationToken.None));
            Assert.Contains("neither a token nor a user", refused.Message, StringComparison.Ordinal);
        }

        await using var open = Build();
        await open.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        var ana = new User("u1", UserName.Parse("ana"), TokenScope.Admin, IsDisabled: false, 1, HasTotp: false, now, now, null);
        await open.Services.GetRequiredService<IUserStore>().AddAsync(ana, "hash", Actor.Product, CancellationToken.None);

        await PontualServer.StartAsync(open, CancellationToken.None);

        Assert.True(PontualServer.UrlOf(open).IsLoopback);
        await open.StopAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Microsoft.AspNetCore.Builder.WebApplication Build() =>
        PontualServer.Build(
            new ServerConfiguration { DataFolder = _folder, Urls = ["http://0.0.0.0:0"] },
            services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error))
        );
}
