namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>Changes of the clock that reach over midnight, swallow a day or come in other sizes, drawn as in <see cref="DaylightTimelineTests"/>.</summary>
public sealed class DaylightMidnightTests
{
    // Brazil's last summer time began at midnight: that day had no 00:00.
    [Fact]
    public void Sao_Paulo_begins_a_day_at_one() =>
        DaylightTimeline.Holds(
            """
            America/Sao_Paulo             │ 3 23:00 │ 3 23:30 │ 4 01:00 │ 4 01:30 │ 4 02:00
            UTC 2018-11-04                │ 02:00   │ 02:30   │ 03:00   │ 03:30   │ 04:00
            0 0 * * *                     │         │         │ moved   │         │
            5 0 * * *                     │         │         │ moved   │         │
            0 0,1 * * *                   │         │         │ merged  │         │
            0 0 4 11 *                    │         │         │ moved   │         │
            0 * * * *                     │ run     │         │ run     │         │ run
            */30 * * * *                  │ run     │ run     │ run     │ run     │ run
            30 0 * * * gap run-shifted    │         │         │         │ moved   │
            0 0 * * 0 gap skip            │         │         │         │         │
            """
        );

    [Fact]
    public void Sao_Paulo_has_the_hour_before_midnight_twice() =>
        DaylightTimeline.Holds(
            """
            America/Sao_Paulo             │ 17 22:30 │ 17 23:00 │ 17 23:30 │ 17 23:00 │ 17 23:30 │ 18 00:00
            UTC 2018-02-18                │ 00:30    │ 01:00    │ 01:30    │ 02:00    │ 02:30    │ 03:00
            30 23 * * *                   │          │          │ 1 only   │          │          │
            0 0 * * *                     │          │          │          │          │          │ run
            30 * * * *                    │ run      │          │ 1 of 2   │          │ 2 of 2   │
            0 23 17 2 * overlap second    │          │          │          │ 2 only   │          │
            30 22,23 * * 6 overlap both   │ run      │          │ 1 of 2   │          │ 2 of 2   │
            """
        );

    [Fact]
    public void Beirut_begins_a_day_at_one() =>
        DaylightTimeline.Holds(
            """
            Asia/Beirut                   │ 28 23:30 │ 29 01:00 │ 29 01:30 │ 29 02:00
            UTC 2026-03-28                │ 21:30    │ 22:00    │ 22:30    │ 23:00
            0 0 * * *                     │          │ moved    │          │
            0,30 0 * * 0                  │          │ joined   │          │
            30 * * * *                    │ run      │          │ run      │
            30 0 29 3 * gap run-shifted   │          │          │ moved    │
            0 0 * * * gap skip            │          │          │          │
            """
        );

    [Fact]
    public void Beirut_has_the_hour_before_midnight_twice() =>
        DaylightTimeline.Holds(
            """
            Asia/Beirut                   │ 24 22:30 │ 24 23:00 │ 24 23:30 │ 24 23:00 │ 24 23:30 │ 25 00:00
            UTC 2026-10-24                │ 19:30    │ 20:00    │ 20:30    │ 21:00    │ 21:30    │ 22:00
            30 23 * * *                   │          │          │ 1 only   │          │          │
            0 23,0 * * *                  │          │ 1 only   │          │          │          │ run
            0 * * * *                     │          │ 1 of 2   │          │ 2 of 2   │          │ run
            30 23 24 10 * overlap second  │          │          │          │          │ 2 only   │
            """
        );

    // Samoa crossed the date line: 30 December 2011 never was.
    [Fact]
    public void Apia_skips_a_day() =>
        DaylightTimeline.Holds(
            """
            Pacific/Apia                  │ 29 22:00 │ 29 23:00 │ 31 00:00 │ 31 01:00 │ 31 09:00
            UTC 2011-12-30                │ 08:00    │ 09:00    │ 10:00    │ 11:00    │ 19:00
            0 9 * * *                     │          │          │ moved    │          │ run
            0 9,18 * * *                  │          │          │ joined   │          │ run
            0 0 30 12 *                   │          │          │ moved    │          │
            0 0 * * *                     │          │          │ merged   │          │
            0 9 30 12 * gap run-shifted   │          │          │          │          │ moved
            0 9 * * * gap run-shifted     │          │          │          │          │ merged
            0 9 * * * gap skip            │          │          │          │          │ run
            0 0,1,9,22,23 31 12 *         │          │          │ run      │ run      │ run
            """
        );

    // Kwajalein crossed the other way round the clock: 21 August 1993 never was.
    [Fact]
    public void Kwajalein_skips_a_day() =>
        DaylightTimeline.Holds(
            """
            Pacific/Kwajalein             │ 20 22:00 │ 20 23:00 │ 22 00:00 │ 22 01:00 │ 22 12:00
            UTC 1993-08-21                │ 10:00    │ 11:00    │ 12:00    │ 13:00    │ 00:00
            0 12 * * *                    │          │          │ moved    │          │ run
            0 12 21 8 *                   │          │          │ moved    │          │
            0 12 * * 6 gap run-shifted    │          │          │          │          │ moved
            0 22-1 * * *                  │ run      │ run      │ run      │ run      │
            """
        );

    // The station at Troll keeps Norway's summer and universal time in winter: two hours at once.
    [Fact]
    public void Troll_leaves_two_hours_out() =>
        DaylightTimeline.Holds(
            """
            Antarctica/Troll              │ 00:30 │ 03:00  │ 03:30  │ 04:00  │ 04:30
            UTC 2026-03-29                │ 00:30 │ 01:00  │ 01:30  │ 02:00  │ 02:30
            30 1 * * *                    │       │ moved  │        │        │
            30 1,2 * * *                  │       │ joined │        │        │
            0 2,3 * * *                   │       │ merged │        │        │
            30 * * * *                    │ run   │        │ run    │        │ run
            30 1,2 * * * gap run-shifted  │       │        │ moved  │        │ moved
            30 1,3 * * * gap run-shifted  │       │        │ merged │        │
            0 2 * * * gap skip            │       │        │        │        │
            """
        );

    [Fact]
    public void Troll_has_two_hours_twice() =>
        DaylightTimeline.Holds(
            """
            Antarctica/Troll              │ 00:30 │ 01:00  │ 02:00  │ 01:00  │ 02:00  │ 03:00
            UTC 2026-10-24                │ 22:30 │ 23:00  │ 00:00  │ 01:00  │ 02:00  │ 03:00
            0 1 * * *                     │       │ 1 only │        │        │        │
            0 * * * *                     │       │ 1 of 2 │ 1 of 2 │ 2 of 2 │ 2 of 2 │ run
            0 1,2 * * * overlap second    │       │        │        │ 2 only │ 2 only │
            0 1,3 * * * overlap both      │       │ 1 of 2 │        │ 2 of 2 │        │ run
            """
        );

    // The change happens at a quarter to three.
    [Fact]
    public void Chatham_leaves_out_the_hour_from_a_quarter_to_three() =>
        DaylightTimeline.Holds(
            """
            Pacific/Chatham               │ 02:30 │ 03:45  │ 04:00  │ 04:30
            UTC 2026-09-26                │ 13:45 │ 14:00  │ 14:15  │ 14:45
            0 3 * * *                     │       │ moved  │        │
            30 2,3 * * *                  │ run   │ moved  │        │
            0 * * * *                     │       │        │ run    │
            0 3 * * * gap run-shifted     │       │        │ moved  │
            30 3 * * * gap run-shifted    │       │        │        │ moved
            """
        );

    // The rules of today, for a year that tables of changes do not reach.
    [Fact]
    public void New_York_goes_on_in_2150() =>
        DaylightTimeline.Holds(
            """
            America/New_York              │ 01:00 │ 01:30 │ 03:00  │ 03:30
            UTC 2150-03-08                │ 06:00 │ 06:30 │ 07:00  │ 07:30
            30 2 * * *                    │       │       │ moved  │
            30 * * * *                    │       │ run   │        │ run
            30 2 * * * gap run-shifted    │       │       │        │ moved
            """
        );
}
