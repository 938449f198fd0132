using Pontual.TestKit;
using Pontual.TestKit.Faults;
using Shouldly;

namespace Pontual.Runners.Tests.Sql;

/// <summary>Through a real PgBouncer. Alone, because a process that is started while this one starts a run's process bears that run's mark, and would be ended with it.</summary>
[Collection(nameof(SqlPoolerTests))]
[CollectionDefinition(nameof(SqlPoolerTests), DisableParallelization = true)]
public sealed class SqlPoolerTests
{
    [Fact]
    public async Task Behind_a_pooler_settings_hold_for_the_statement_and_reach_nobody_else()
    {
        await using var bouncer = await PgBouncer.StartAsync(TestDatabase.Server, sessions: 1);
        await using var rig = new SqlRig(bouncer.ConnectionString);

        var first = await rig.SucceedAsync(
            "INSERT INTO seen VALUES (current_setting('app.of')); SELECT to_json(current_setting('app.of'))",
            new Dictionary<string, string> { ["app.of"] = "first" }
        );
        var second = await rig.SucceedAsync("SELECT to_json(coalesce(nullif(current_setting('app.of', true), ''), 'nothing'))");

        first.Result.ShouldBe("\"first\"");
        second.Result.ShouldBe("\"nothing\"");
        rig.Seen.ShouldBe(["first"]);
    }
}
