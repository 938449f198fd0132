using Pontual.Engine.Jobs;
using Pontual.Server.Packs;
using Shouldly;

namespace Pontual.Server.Tests.Packs;

public class PackDiffTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_kind_of_change_is_told_with_its_fields_and_the_next_run()
    {
        var before = Jobs(
            """
            jobs:
              - { name: same, target: { http: { url: "http://x/" } } }
              - { name: gone, target: { http: { url: "http://x/" } } }
              - name: other
                schedule: { cron: "0 9 * * *" }
                target: { http: { url: "http://x/", method: POST } }
                log: logs/other.log
            """
        );
        var after = Jobs(
            """
            jobs:
              - { name: new, schedule: { every: 30s }, target: { http: { url: "http://x/" } } }
              - { name: same, target: { http: { url: "http://x/" } } }
              - name: other
                schedule: { cron: "30 10 * * *" }
                target: { http: { url: "http://y/", method: POST } }
                timeout: 10m
                retry: { attempts: 3 }
            """
        );

        var diff = PackDiff.Compute(before, after, prune: true, Now);

        diff.Render()
            .ShouldBe(
                """
                + new
                    schedule.every: 30s
                    target.http.url: "http://x/"
                    next run: 2026-03-09 09:00:30 -03:00 (America/Sao_Paulo)
                ~ other
                    ~ schedule.cron: "0 9 * * *" -> "30 10 * * *"
                    ~ target.http.url: "http://x/" -> "http://y/"
                    ~ timeout: 5m (default) -> 10m
                    + retry.attempts: 3
                    - log: logs/other.log
                    ~ next run: 2026-03-10 09:00:00 -03:00 (America/Sao_Paulo) -> 2026-03-09 10:30:00 -03:00 (America/Sao_Paulo)
                - gone
                1 to create, 1 to update, 1 to remove, 1 unchanged.

                """
            );
    }

    [Fact]
    public void Without_prune_nothing_is_removed()
    {
        var jobs = Jobs("jobs: [{ name: a, target: { http: {} } }]");

        var diff = PackDiff.Compute(jobs, [], prune: false, Now);

        diff.Any.ShouldBeFalse();
        diff.Render().ShouldBe("0 to create, 0 to update, 0 to remove, 0 unchanged.\n");
    }

    private static IReadOnlyList<JobDefinition> Jobs(string text)
    {
        var reading = PackReader.Read([new("a.yaml", text)], PackChecks.None);
        reading.Problems.ShouldBeEmpty();
        return reading.Jobs;
    }
}
