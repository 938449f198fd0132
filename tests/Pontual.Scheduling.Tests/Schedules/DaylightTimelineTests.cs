namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>Changes of the clock, drawn: local time above, UTC below it, then schedules with a word where they run (<see cref="DaylightTimeline"/>).</summary>
public sealed class DaylightTimelineTests
{
    [Fact]
    public void New_York_leaves_an_hour_out() =>
        DaylightTimeline.Holds(
            """
            America/New_York              │ 01:00 │ 01:30 │ 03:00  │ 03:30  │ 04:00
            UTC 2026-03-08                │ 06:00 │ 06:30 │ 07:00  │ 07:30  │ 08:00
            30 2 * * *                    │       │       │ moved  │        │
            0,30 2 * * *                  │       │       │ joined │        │
            0 2,3 * * *                   │       │       │ merged │        │
            30 1,3 * * *                  │       │ run   │        │ run    │
            0 * * * *                     │ run   │       │ run    │        │ run
            30 * * * *                    │       │ run   │        │ run    │
            30 2 * * * gap run-shifted    │       │       │        │ moved  │
            30 2,3 * * * gap run-shifted  │       │       │        │ merged │
            0,30 2 * * * gap run-shifted  │       │       │ moved  │ moved  │
            30 2 * * * gap skip           │       │       │        │        │
            30 * * * * gap run-at-end     │       │ run   │ moved  │ run    │
            30 * * * * gap run-shifted    │       │ run   │        │ merged │
            """
        );

    [Fact]
    public void New_York_has_an_hour_twice() =>
        DaylightTimeline.Holds(
            """
            America/New_York              │ 00:30 │ 01:00  │ 01:30  │ 01:00  │ 01:30  │ 02:00
            UTC 2026-11-01                │ 04:30 │ 05:00  │ 05:30  │ 06:00  │ 06:30  │ 07:00
            30 1 * * *                    │       │        │ 1 only │        │        │
            0 1,2 * * *                   │       │ 1 only │        │        │        │ run
            0 * * * *                     │       │ 1 of 2 │        │ 2 of 2 │        │ run
            */30 * * * *                  │ run   │ 1 of 2 │ 1 of 2 │ 2 of 2 │ 2 of 2 │ run
            30 1 * * * overlap second     │       │        │        │        │ 2 only │
            0 1,2 * * * overlap both      │       │ 1 of 2 │        │ 2 of 2 │        │ run
            30 * * * * overlap first      │ run   │        │ 1 only │        │        │
            30 * * * * overlap second     │ run   │        │        │        │ 2 only │
            """
        );

    [Fact]
    public void Berlin_leaves_an_hour_out() =>
        DaylightTimeline.Holds(
            """
            Europe/Berlin                     │ 01:00 │ 01:59 │ 03:00  │ 03:15  │ 03:30  │ 03:45 │ 04:00
            UTC 2026-03-29                    │ 00:00 │ 00:59 │ 01:00  │ 01:15  │ 01:30  │ 01:45 │ 02:00
            15,30,45 2 * * *                  │       │       │ joined │        │        │       │
            59 1,2 * * *                      │       │ run   │ moved  │        │        │       │
            0 2-4 * * *                       │       │       │ run    │        │        │       │ run
            0 2,3,4 * * *                     │       │       │ merged │        │        │       │ run
            */15 3,4 * * *                    │       │       │ run    │ run    │ run    │ run   │ run
            15,30 2 * * * gap run-shifted     │       │       │        │ moved  │ moved  │       │
            */15 2 * * * gap run-at-end       │       │       │ joined │        │        │       │
            */15 2 * * * gap run-shifted      │       │       │ moved  │ moved  │ moved  │ moved │
            0 2 29 3 * gap skip               │       │       │        │        │        │       │
            """
        );

    [Fact]
    public void Berlin_has_an_hour_twice() =>
        DaylightTimeline.Holds(
            """
            Europe/Berlin                 │ 01:30 │ 02:00  │ 02:30  │ 02:00  │ 02:30  │ 03:00
            UTC 2026-10-24                │ 23:30 │ 00:00  │ 00:30  │ 01:00  │ 01:30  │ 02:00
            30 2 * * *                    │       │        │ 1 only │        │        │
            30 1,2 * * *                  │ run   │        │ 1 only │        │        │
            0 2,3 * * * overlap second    │       │        │        │ 2 only │        │ run
            30 * * * *                    │ run   │        │ 1 of 2 │        │ 2 of 2 │
            0 1-3 * * * overlap first     │       │ 1 only │        │        │        │ run
            """
        );

    // Irish law makes winter the exception: the database has a saving of minus one hour, which other libraries trip over.
    [Fact]
    public void Dublin_saves_daylight_backward() =>
        DaylightTimeline.Holds(
            """
            Europe/Dublin                 │ 00:30 │ 02:00  │ 02:30 │ 03:00
            UTC 2026-03-29                │ 00:30 │ 01:00  │ 01:30 │ 02:00
            30 1 * * *                    │       │ moved  │       │
            0 1,2 * * *                   │       │ merged │       │
            30 * * * *                    │ run   │        │ run   │
            30 1 * * * gap run-shifted    │       │        │ moved │
            30 1 * * * gap skip           │       │        │       │
            """
        );

    [Fact]
    public void Dublin_has_an_hour_twice() =>
        DaylightTimeline.Holds(
            """
            Europe/Dublin                 │ 00:30 │ 01:00  │ 01:30  │ 01:00  │ 01:30  │ 02:00
            UTC 2026-10-24                │ 23:30 │ 00:00  │ 00:30  │ 01:00  │ 01:30  │ 02:00
            30 1 * * *                    │       │        │ 1 only │        │        │
            30 * * * *                    │ run   │        │ 1 of 2 │        │ 2 of 2 │
            0 1 * * * overlap second      │       │        │        │ 2 only │        │
            0,30 1 * * * overlap both     │       │ 1 of 2 │ 1 of 2 │ 2 of 2 │ 2 of 2 │
            """
        );

    // Ramadan: clocks went back for the month of fasting.
    [Fact]
    public void Casablanca_goes_back_for_Ramadan() =>
        DaylightTimeline.Holds(
            """
            Africa/Casablanca             │ 01:30 │ 02:00  │ 02:30  │ 02:00  │ 02:30  │ 03:00
            UTC 2026-02-15                │ 00:30 │ 01:00  │ 01:30  │ 02:00  │ 02:30  │ 03:00
            30 2 * * *                    │       │        │ 1 only │        │        │
            30 * * * *                    │ run   │        │ 1 of 2 │        │ 2 of 2 │
            30 2 * * * overlap second     │       │        │        │        │ 2 only │
            """
        );

    [Fact]
    public void Casablanca_goes_forward_after_Ramadan() =>
        DaylightTimeline.Holds(
            """
            Africa/Casablanca             │ 01:30 │ 03:00  │ 03:30  │ 04:00
            UTC 2026-03-22                │ 01:30 │ 02:00  │ 02:30  │ 03:00
            30 2 * * *                    │       │ moved  │        │
            30 2,3 * * *                  │       │ moved  │ run    │
            30 * * * *                    │ run   │        │ run    │
            30 2,3 * * * gap run-shifted  │       │        │ merged │
            """
        );

    [Fact]
    public void Lord_Howe_leaves_half_an_hour_out() =>
        DaylightTimeline.Holds(
            """
            Australia/Lord_Howe           │ 01:30 │ 01:45 │ 02:30  │ 02:45  │ 03:00
            UTC 2026-10-03                │ 15:00 │ 15:15 │ 15:30  │ 15:45  │ 16:00
            15 2 * * *                    │       │       │ moved  │        │
            0,15,30 2 * * *               │       │       │ merged │        │
            0 1,2,3 * * *                 │       │       │ moved  │        │ run
            */15 * * * *                  │ run   │ run   │ run    │ run    │ run
            0 * * * *                     │       │       │        │        │ run
            15 2 * * * gap run-shifted    │       │       │        │ moved  │
            15,45 2 * * * gap run-shifted │       │       │        │ merged │
            15 2 * * * gap skip           │       │       │        │        │
            """
        );

    [Fact]
    public void Lord_Howe_has_half_an_hour_twice() =>
        DaylightTimeline.Holds(
            """
            Australia/Lord_Howe           │ 01:15 │ 01:30  │ 01:45  │ 01:30  │ 01:45  │ 02:00
            UTC 2026-04-04                │ 14:15 │ 14:30  │ 14:45  │ 15:00  │ 15:15  │ 15:30
            45 1 * * *                    │       │        │ 1 only │        │        │
            30 1,2 * * * overlap second   │       │        │        │ 2 only │        │
            */15 * * * *                  │ run   │ 1 of 2 │ 1 of 2 │ 2 of 2 │ 2 of 2 │ run
            0 * * * *                     │       │        │        │        │        │ run
            """
        );
}
