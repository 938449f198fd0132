using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Zones;

/// <summary>Our zones against those of another program and another build of the database: 45 zones, 2017 to 2045.</summary>
public sealed class IndependentZonesTests
{
    private static readonly IndependentZones Independent = IndependentZones.Read();

    // Two versions of the database may differ rightly. Then write the data anew: python3 Data/zones.py, with tzdata of our version.
    [Fact]
    public void Both_sides_read_the_same_version_of_the_database()
    {
        Independent.Database.ShouldBe(Zone.DatabaseVersion);
        Independent.Zones.Count.ShouldBe(45);
        Independent.Zones.Sum(zone => zone.Changes.Count).ShouldBeGreaterThan(1200);
    }

    [Fact]
    public void Offsets_agree_all_through_the_years()
    {
        foreach (var independent in Independent.Zones)
        {
            var zone = Zone.Parse(independent.Id);
            var at = IndependentZones.First;
            foreach (var offset in independent.Samples)
            {
                zone.ToLocal(at).Offset.ShouldBe(offset, $"{zone} {at:u}");
                at += IndependentZone.SampleDistance;
            }

            at.ShouldBeGreaterThanOrEqualTo(IndependentZones.End);
        }
    }

    [Fact]
    public void Every_change_of_the_clock_agrees_and_there_is_no_other()
    {
        foreach (var independent in Independent.Zones)
        {
            var ours = Changes(Zone.Parse(independent.Id)).ToList();

            ours.ShouldBe(independent.Changes.Select(change => (change.At, change.Before, change.After)), independent.Id);
        }
    }

    [Fact]
    public void Gaps_and_overlaps_agree_to_the_second()
    {
        foreach (var independent in Independent.Zones)
        {
            var zone = Zone.Parse(independent.Id);
            foreach (var change in independent.Changes)
            {
                foreach (var (local, probe) in change.Locals.Zip(change.Probes))
                {
                    var ours = zone.ToInstants(local);

                    ours.ShouldBe(Expected(local, probe, change.At), $"{zone} {local:s}");
                }
            }
        }
    }

    private static LocalInstants Expected(DateTime local, (char Kind, TimeSpan Earlier, TimeSpan Later) probe, DateTimeOffset change)
    {
        var (earlier, later) = (new DateTimeOffset(local, probe.Earlier), new DateTimeOffset(local, probe.Later));
        return probe.Kind switch
        {
            's' => new LocalInstants(LocalTimeKind.Single, earlier, earlier),
            'r' => new LocalInstants(LocalTimeKind.Repeated, earlier, later),
            _ => new LocalInstants(LocalTimeKind.Missing, change, earlier),
        };
    }

    private static IEnumerable<(DateTimeOffset At, TimeSpan Before, TimeSpan After)> Changes(Zone zone)
    {
        var span = zone.SpanAt(Second(IndependentZones.First));
        while (span.End < Second(IndependentZones.End))
        {
            var next = zone.SpanAt(span.End);
            if (next.Offset != span.Offset)
            {
                var at = new DateTimeOffset(span.End * TimeSpan.TicksPerSecond, TimeSpan.Zero);
                yield return (at, TimeSpan.FromSeconds(span.Offset), TimeSpan.FromSeconds(next.Offset));
            }

            span = next;
        }
    }

    private static long Second(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;
}
