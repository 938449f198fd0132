namespace Pontual.EndToEnd.Tests.Cli;

public sealed class AuditCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task What_a_command_changes_is_told_with_its_reason()
    {
        (await fixture.Server.DoAsync("job", "pause", "quiet", "--why", "manutenção")).Ok();

        var told = (await fixture.Server.DoAsync("audit", "--subject", "quiet", "--json")).Ok().Json.GetProperty("items");
        var table = (await fixture.Server.DoAsync("audit", "--action", "job.paused")).Ok().Output;

        Assert.Equal(
            [("job.paused", "manutenção", "local"), ("job.created", $"started with {Path.Combine(fixture.Path, "start.yaml")}", "pontual")],
            told.EnumerateArray()
                .Select(entry =>
                    (
                        entry.GetProperty("action").GetString(),
                        entry.GetProperty("reason").GetString(),
                        entry.GetProperty("actor").GetString()
                    )
                )
        );
        Assert.Contains("manutenção", table, StringComparison.Ordinal);
        Assert.DoesNotContain("job.created", table, StringComparison.Ordinal);
    }
}
