using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Zones;

namespace Pontual.Bench.Cases;

/// <summary><c>./bench cron --details</c>: BenchmarkDotNet in this process, for spread and allocations; its report stands beside the built program.</summary>
internal static class CronDetails
{
    public static void Run() =>
        BenchmarkRunner.Run<CronBenchmarks>(
            ManualConfig
                .Create(DefaultConfig.Instance)
                .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "details"))
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
        );
}

/// <summary>Public and open because BenchmarkDotNet derives from it.</summary>
public class CronBenchmarks
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private CronSchedule _schedule = null!;

    [Params("* * * * *", "*/5 8-19 * * *", "0 9,14 * * 1-5", "0 0 29 2 *", "0 0 L * *", "0 0 * * 1#2", "*/30 * * * * *")]
    public string Expression { get; set; } = "";

    [Params("UTC", "America/Sao_Paulo", "America/New_York")]
    public string ZoneId { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _schedule = new CronSchedule(CronExpression.Parse(Expression), Zone.Parse(ZoneId));

    [Benchmark]
    public DateTimeOffset? Next() => _schedule.Next(Start);

    [Benchmark]
    public DateTimeOffset? Previous() => _schedule.Previous(Start);

    [Benchmark]
    public CronExpression Parse() => CronExpression.Parse(Expression);
}
