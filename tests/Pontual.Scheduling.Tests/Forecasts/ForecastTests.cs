using FsCheck.Fluent;
using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Forecasts;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Forecasts;

public sealed class ForecastTests
{
    // A Saturday.
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_beginning_belongs_to_it_and_the_end_does_not()
    {
        var forecast = Forecast.Of([Job("hourly", "0 * * * *")], Start, Start.AddHours(3));

        var job = forecast.Jobs.ShouldHaveSingleItem();
        job.Runs.ShouldBe(3);
        job.First.ShouldBe(Start);
        job.Last.ShouldBe(Start.AddHours(2));
        job.ShortestGap.ShouldBe(TimeSpan.FromHours(1));
        forecast.Load.Minutes.ShouldBe(180);
        forecast.Load[60].ShouldBe(1);
        forecast.Load[61].ShouldBe(0);
        forecast.Peak.ShouldBeNull();
    }

    [Fact]
    public void Minutes_in_which_jobs_start_together_are_named()
    {
        var forecast = Forecast.Of(
            [Job("five", "*/5 * * * *"), Job("ten", "*/10 * * * *"), Job("hour", "0 * * * *"), Job("alone", "3 * * * *")],
            Start,
            Start.AddHours(2)
        );

        forecast.SharedMinutes.ShouldBe(12);
        Told(forecast.Busiest[0]).ShouldBe((Start, 3, "five ten hour"));
        forecast.Busiest[1].At.ShouldBe(Start.AddHours(1));
        Told(forecast.Busiest[2]).ShouldBe((Start.AddMinutes(10), 2, "five ten"));
        forecast.Busiest.Count.ShouldBe(Forecast.MostBusyMinutes);
    }

    [Fact]
    public void A_job_that_starts_often_in_a_minute_does_not_collide_with_itself()
    {
        var forecast = Forecast.Of([Job("seconds", "*/10 * * * * *")], Start, Start.AddMinutes(2));

        forecast.SharedMinutes.ShouldBe(0);
        forecast.Busiest.ShouldBeEmpty();
        forecast.Load[1].ShouldBe(6);
    }

    [Fact]
    public void The_peak_is_where_most_runs_go_on_at_once()
    {
        var forecast = Forecast.Of(
            [
                Job("long", "0 12 * * *") with
                {
                    Expected = TimeSpan.FromMinutes(30),
                },
                Job("late", "20 12 * * *") with
                {
                    Expected = TimeSpan.FromMinutes(20),
                },
                Job("touching", "30 12 * * *") with
                {
                    Expected = TimeSpan.FromMinutes(5),
                },
                Job("unknown", "25 12 * * *"),
            ],
            Start,
            Start.AddHours(1)
        );

        forecast.Peak!.At.ShouldBe(Start.AddMinutes(20));
        forecast.Peak.Runs.ShouldBe(2);
        forecast.Peak.Jobs.ShouldBe(["long", "late"]);
    }

    [Theory]
    [InlineData(Overlap.Skip, 3, 2, 0, 1)]
    [InlineData(Overlap.BufferOne, 4, 1, 0, 1)]
    [InlineData(Overlap.BufferAll, 4, 0, 1, 1)]
    [InlineData(Overlap.CancelRunning, 5, 0, 0, 1)]
    [InlineData(Overlap.Allow, 5, 0, 0, 2)]
    public void A_run_that_outlasts_its_gap_meets_the_next_one_by_the_jobs_rule(
        Overlap rule,
        int runs,
        int overlapped,
        int waiting,
        int peak
    )
    {
        var job = Job("slow", "* * * * *") with { Expected = TimeSpan.FromSeconds(90), Overlap = rule };

        var forecast = Forecast.Of([job], Start, Start.AddMinutes(5));

        var told = forecast.Jobs[0];
        (told.Runs, told.Overlapped, told.Waiting).ShouldBe((runs, overlapped, waiting));
        told.OutlastsItsGap.ShouldBeTrue();
        forecast.Peak!.Runs.ShouldBe(peak);
    }

    [Fact]
    public void What_calendars_leave_out_is_counted_with_its_reason()
    {
        var weekends = new Calendar("weekends", [new WeekdayEntry([DayOfWeek.Saturday, DayOfWeek.Sunday])]);
        var schedule = new CronSchedule(CronExpression.Parse("0 9 * * *"), Zone.Utc)
        {
            Terms = new Terms { Calendars = new CalendarRules { Except = [weekends] } },
        };

        var job = Forecast.Of([new ForecastJob("office", schedule)], Start, Start.AddDays(7)).Jobs[0];

        job.Runs.ShouldBe(5);
        job.LeftOut.ShouldBe([new LeftOutCount("weekends", null, Outside: false, 2)]);
        job.First.ShouldBe(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_fixed_delay_counts_from_the_end_of_each_run()
    {
        var job = new ForecastJob("after", new DelaySchedule(TimeSpan.FromMinutes(10))) { Expected = TimeSpan.FromMinutes(5) };

        var told = Forecast.Of([job], Start, Start.AddMinutes(60)).Jobs[0];

        told.Runs.ShouldBe(4); // 10, 25, 40, 55 minutes from now.
        told.Last.ShouldBe(Start.AddMinutes(55));
        told.OutlastsItsGap.ShouldBeFalse();
    }

    [Fact]
    public void Jobs_without_times_do_nothing()
    {
        var forecast = Forecast.Of(
            [new ForecastJob("asked", ManualSchedule.Instance), new ForecastJob("boot", new StartupSchedule())],
            Start,
            Start.AddDays(1)
        );

        forecast.Runs.ShouldBe(0);
        forecast.Load.Bars(10).Highest.ShouldBeNull();
    }

    [Fact]
    public void A_pause_skips_until_it_ends()
    {
        var job = Job("hourly", "0 * * * *");

        var forecast = Forecast.Of(
            [job with { PausedUntil = Start.AddHours(2) }, job with { PausedUntil = DateTimeOffset.MaxValue }],
            Start,
            Start.AddHours(5)
        );

        (forecast.Jobs[0].Runs, forecast.Jobs[0].Paused).ShouldBe((3, 2));
        (forecast.Jobs[1].Runs, forecast.Jobs[1].Paused).ShouldBe((0, 5));
    }

    [Fact]
    public void What_is_more_than_a_forecast_holds_is_refused_with_a_way_out()
    {
        var seconds = Job("seconds", "* * * * * *");

        Refusal(Start, Start).ShouldContain("after its beginning");
        Refusal(Start, Start.AddDays(Forecast.MostDays).AddTicks(1)).ShouldContain("nearer end");
        Refusal(Start, Start.AddDays(60)).ShouldContain("fewer jobs");
        Refusal(new DateTimeOffset(9990, 12, 31, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(9991, 1, 1, 0, 0, 0, TimeSpan.Zero))
            .ShouldContain("9990");

        string Refusal(DateTimeOffset from, DateTimeOffset to) =>
            Should.Throw<ForecastLimitException>(() => Forecast.Of([seconds], from, to)).Message;
    }

    [Fact]
    public void A_forecast_can_be_stopped()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Should.Throw<OperationCanceledException>(() =>
            Forecast.Of([Job("seconds", "* * * * * *")], Start, Start.AddDays(1), stopped.Token)
        );
    }

    [Fact]
    public void Every_minute_holds_exactly_what_the_schedules_yield_in_it() =>
        Gen.ListOf(Expressions.Valid, 3)
            .Check(
                60,
                texts =>
                {
                    var jobs = texts.Select((text, index) => Job($"job{index}", text)).ToList();
                    var to = Start.AddHours(7).AddSeconds(30);

                    var forecast = Forecast.Of(jobs, Start.AddSeconds(30), to);

                    for (var minute = 0; minute < forecast.Load.Minutes; minute++)
                    {
                        var first = forecast.Load.StartOf(minute);
                        first = first < forecast.From ? forecast.From : first;
                        var end = forecast.Load.StartOf(minute + 1);
                        end = end > to ? to : end;
                        forecast
                            .Load[minute]
                            .ShouldBe(jobs.Sum(job => job.Schedule.Occurrences(first.AddTicks(-1)).TakeWhile(at => at < end).Count()));
                    }

                    forecast.Runs.ShouldBe(forecast.Load.Bars(13).All.Sum(bar => bar.Starts));
                }
            );

    [Theory]
    [InlineData(60, 60, 1)]
    [InlineData(60, 59, 2)]
    [InlineData(1440, 72, 20)]
    [InlineData(1440, 100, 15)]
    [InlineData(527_040, 80, 10_080)]
    [InlineData(527_040, 10, 52_704)]
    public void Bars_are_as_narrow_as_the_room_allows(int minutes, int most, int width)
    {
        var bars = Forecast.Of([Job("daily", "30 0 * * *")], Start, Start.AddMinutes(minutes)).Load.Bars(most);

        bars.Width.ShouldBe(TimeSpan.FromMinutes(width));
        bars.All.Count.ShouldBe((minutes + width - 1) / width);
    }

    [Fact]
    public void A_bar_is_as_high_as_its_busiest_minute()
    {
        var forecast = Forecast.Of([Job("a", "0 * * * *"), Job("b", "0 13 * * *"), Job("c", "7,8 12 * * *")], Start, Start.AddHours(2));

        var bars = forecast.Load.Bars(4);

        bars.All.Select(bar => (bar.Starts, bar.InBusiestMinute)).ShouldBe([(3L, 1), (0L, 0), (2L, 2), (0L, 0)]);
        bars.Highest.ShouldBe(new LoadBar(Start.AddHours(1), 2, 2, Start.AddHours(1)));
    }

    private static (DateTimeOffset, int, string) Told(BusyMinute minute) => (minute.At, minute.Starts, string.Join(' ', minute.Jobs));

    private static ForecastJob Job(string name, string cron) => new(name, new CronSchedule(CronExpression.Parse(cron), Zone.Utc));
}
