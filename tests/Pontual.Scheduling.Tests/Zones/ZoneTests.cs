using NodaTime;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Zones;

public sealed class ZoneTests
{
    [Theory]
    [InlineData("America/Sao_Paulo", "America/Sao_Paulo")]
    [InlineData("europe/LISBON", "Europe/Lisbon")]
    [InlineData("E. South America Standard Time", "America/Sao_Paulo")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("UTC", "UTC")]
    public void Iana_and_windows_ids_are_known_in_any_case(string id, string expected)
    {
        Zone.Parse(id).Id.ShouldBe(expected);
        Zone.Parse(id).ShouldBeSameAs(Zone.Parse(expected));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("America/São_Paulo")]
    [InlineData("UTC+3")]
    [InlineData("GMT-25:00")]
    [InlineData("../../etc/passwd")]
    public void Another_id_is_no_zone(string? id)
    {
        Zone.TryParse(id, out var zone).ShouldBeFalse();
        zone.ShouldBeNull();
        Should.Throw<FormatException>(() => Zone.Parse(id ?? "nothing")).Message.ShouldContain("is not a time zone");
    }

    [Fact]
    public void The_version_of_the_database_is_shown() => Zone.DatabaseVersion.ShouldMatch("^20[0-9]{2}[a-z]$");

    // Offsets before, in and after the years of the table, at every change and a second before it, in every zone.
    [Fact]
    public void The_table_of_every_zone_agrees_with_the_database()
    {
        foreach (var id in Zone.Ids)
        {
            var rules = DateTimeZoneProviders.Tzdb[id];
            var intervals = rules.GetZoneIntervals(Instant.FromUtc(1995, 1, 1, 0, 0), Instant.FromUtc(2115, 1, 1, 0, 0));
            foreach (var start in intervals.Where(interval => interval.HasStart).Select(interval => interval.Start))
            {
                foreach (var instant in new[] { start, start - Duration.FromSeconds(1), start + Duration.FromDays(50) })
                {
                    var second = instant.ToUnixTimeSeconds() + (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerSecond);

                    var span = Zone.Parse(id).SpanAt(second);

                    span.Offset.ShouldBe(rules.GetUtcOffset(instant).Seconds, $"{id} {instant}");
                    (span.Start <= second && second < span.End).ShouldBeTrue($"{id} {instant}");
                }
            }
        }
    }

    [Fact]
    public void Many_threads_may_ask_one_zone()
    {
        var zone = Zone.Parse("Europe/Lisbon");
        var first = DateTimeOffset.Parse("2020-01-01T00:00:00Z");
        var expected = Enumerable.Range(0, 2000).Select(day => zone.ToLocal(first.AddDays(day)).Offset).ToArray();

        var wrong = 0;
        Parallel.For(
            0,
            200_000,
            i =>
            {
                var day = i * 7919 % expected.Length;
                if (zone.ToLocal(first.AddDays(day)).Offset != expected[day])
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        );

        wrong.ShouldBe(0);
    }

    // The searches rely on it: only the nearest change on either side can make a local time come twice, never or late.
    [Fact]
    public void No_zone_has_ever_changed_its_clocks_twice_within_two_days_or_by_more_than_26_hours()
    {
        foreach (var rules in Zone.Ids.Select(id => DateTimeZoneProviders.Tzdb[id]))
        {
            var intervals = rules.GetZoneIntervals(Instant.FromUtc(1700, 1, 1, 0, 0), Instant.FromUtc(2520, 1, 1, 0, 0)).ToList();

            intervals.ShouldAllBe(interval => !interval.HasStart || !interval.HasEnd || interval.Duration > Duration.FromDays(2), rules.Id);
            var offsets = intervals.Select(interval => interval.WallOffset.Seconds).ToList();
            offsets.Zip(offsets.Skip(1)).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 26 * 3600, rules.Id);
        }
    }

    [Theory]
    [InlineData("2026-03-29T01:30", LocalTimeKind.Single, "2026-03-29T00:30Z", "2026-03-29T00:30Z")]
    [InlineData("2026-03-29T02:30", LocalTimeKind.Missing, "2026-03-29T01:00Z", "2026-03-29T01:30Z")]
    [InlineData("2026-03-29T03:00", LocalTimeKind.Single, "2026-03-29T01:00Z", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25T02:30", LocalTimeKind.Repeated, "2026-10-25T00:30Z", "2026-10-25T01:30Z")]
    public void A_local_time_is_once_never_or_twice(string local, LocalTimeKind kind, string first, string second)
    {
        var zone = Zone.Parse("Europe/Berlin");

        var instants = zone.ToInstants(DateTime.Parse(local));

        instants.ShouldBe(new LocalInstants(kind, DateTimeOffset.Parse(first), DateTimeOffset.Parse(second)));
    }

    [Fact]
    public void The_ends_of_the_calendar_have_a_local_time()
    {
        foreach (var zone in new[] { Zone.Default, Zone.Utc, Zone.Parse("Pacific/Kiritimati") })
        {
            zone.ToLocal(DateTimeOffset.MinValue).ShouldBe(DateTimeOffset.MinValue);
            zone.ToLocal(DateTimeOffset.MaxValue).ShouldBe(DateTimeOffset.MaxValue);
            zone.ToInstants(DateTime.MinValue).First.ShouldBeLessThan(DateTimeOffset.MinValue.AddDays(1));
            zone.ToInstants(DateTime.MaxValue).First.ShouldBeGreaterThan(DateTimeOffset.MaxValue.AddDays(-1));
        }
    }
}
