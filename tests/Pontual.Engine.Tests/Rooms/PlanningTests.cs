using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Engine.Tests.Rooms;

public class PlanningTests
{
    [Fact]
    public async Task Planning_that_takes_long_is_cut_into_short_rounds_and_loses_nothing()
    {
        await using var rig = await EngineRig.StartAsync();
        var node = await rig.NodeAsync(replace: services =>
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new SlowTime(rig.Time)))
        );
        foreach (var number in Enumerable.Range(0, 10))
        {
            await rig.DefineAsync(SomeJob.Definition($"job-{number}"));
        }

        rig.Time.Advance(TimeSpan.FromSeconds(61));
        var rests = new List<TimeSpan?>();
        var planned = new List<int>();
        while (planned.LastOrDefault() < 10 && planned.Count < 10)
        {
            rests.Add(await node.PlanAsync());
            planned.Add(
                (await Task.WhenAll(Enumerable.Range(0, 10).Select(number => rig.RunsAsync($"job-{number}")))).Sum(runs => runs.Count)
            );
        }

        planned[0].ShouldBeInRange(1, 5);
        planned[^1].ShouldBe(10);
        rests.SkipLast(1).ShouldAllBe(rest => rest == TimeSpan.Zero);
    }

    /// <summary>Each look at the stopwatch takes 0.3 s, as if the processor were busy with something else.</summary>
    private sealed class SlowTime(TimeProvider time) : TimeProvider
    {
        private long _lost;

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp() + Interlocked.Add(ref _lost, TimestampFrequency * 3 / 10);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime, period);
    }
}
