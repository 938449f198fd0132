using Pontual.Scheduling.Texts;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Texts;

public sealed class RelativeTextTests
{
    // A Saturday, 12:00 in São Paulo.
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "now", "agora")]
    [InlineData(0.4, "now", "agora")]
    [InlineData(-0.4, "now", "agora")]
    [InlineData(0.5, "in 1 second", "em 1 segundo")]
    [InlineData(40, "in 40 seconds", "em 40 segundos")]
    [InlineData(59.4, "in 59 seconds", "em 59 segundos")]
    [InlineData(59.5, "in 1 minute", "em 1 minuto")]
    [InlineData(60, "in 1 minute", "em 1 minuto")]
    [InlineData(89, "in 1 minute", "em 1 minuto")]
    [InlineData(90, "in 2 minutes", "em 2 minutos")]
    [InlineData(300, "in 5 minutes", "em 5 minutos")]
    [InlineData(3569, "in 59 minutes", "em 59 minutos")]
    [InlineData(3570, "today at 12:59", "hoje às 12h59")]
    [InlineData(3600, "today at 13:00", "hoje às 13h")]
    [InlineData(-1, "1 second ago", "há 1 segundo")]
    [InlineData(-180, "3 minutes ago", "há 3 minutos")]
    [InlineData(-3600, "today at 11:00", "hoje às 11h")]
    public void Near_instants_are_counted_to_the_nearest_second_or_minute(double seconds, string english, string portuguese) =>
        Says(Now.AddSeconds(seconds), english, portuguese);

    [Theory]
    [InlineData("2026-11-21T14:00:00", "today at 14:00", "hoje às 14h")]
    [InlineData("2026-11-21T23:59:59", "today at 23:59", "hoje às 23h59")]
    [InlineData("2026-11-22T00:00:00", "tomorrow at 00:00", "amanhã às 0h")]
    [InlineData("2026-11-22T01:30:00", "tomorrow at 01:30", "amanhã à 1h30")]
    [InlineData("2026-11-23T09:00:00", "on Monday at 09:00", "segunda-feira às 9h")]
    [InlineData("2026-11-27T23:59:00", "on Friday at 23:59", "sexta-feira às 23h59")]
    [InlineData("2026-11-28T00:00:00", "on 28 November at 00:00", "em 28 de novembro às 0h")]
    [InlineData("2026-12-01T09:00:00", "on 1 December at 09:00", "em 1º de dezembro às 9h")]
    [InlineData("2027-01-05T09:00:00", "on 5 January 2027 at 09:00", "em 5 de janeiro de 2027 às 9h")]
    [InlineData("2026-11-20T09:00:00", "yesterday at 09:00", "ontem às 9h")]
    [InlineData("2026-11-16T09:00:00", "last Monday at 09:00", "segunda-feira passada às 9h")]
    [InlineData("2026-11-15T09:00:00", "last Sunday at 09:00", "domingo passado às 9h")]
    [InlineData("2026-11-14T09:00:00", "on 14 November at 09:00", "em 14 de novembro às 9h")]
    [InlineData("2025-12-31T09:00:00", "on 31 December 2025 at 09:00", "em 31 de dezembro de 2025 às 9h")]
    public void Others_are_named_by_their_day(string local, string english, string portuguese) =>
        Says(Zone.Default.ToInstants(DateTime.Parse(local)).First, english, portuguese);

    [Fact]
    public void Days_are_those_of_the_zone()
    {
        var at = new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);

        RelativeText.InEnglish(at, Now, Zone.Default).ShouldBe("today at 22:00");
        RelativeText.InEnglish(at, Now, Zone.Utc).ShouldBe("tomorrow at 01:00");
    }

    [Fact]
    public void Five_minutes_over_midnight_are_five_minutes()
    {
        var before = new DateTimeOffset(2026, 11, 21, 23, 58, 0, TimeSpan.Zero);

        RelativeText.InEnglish(before.AddMinutes(5), before, Zone.Utc).ShouldBe("in 5 minutes");
    }

    [Fact]
    public void A_day_of_23_hours_is_one_day()
    {
        var zone = Zone.Parse("America/New_York");
        var now = zone.ToInstants(new DateTime(2026, 3, 7, 23, 30, 0)).First;

        RelativeText.InEnglish(now.AddHours(24), now, zone).ShouldBe("on Monday at 00:30");
    }

    [Fact]
    public void The_ends_of_time_have_words_too()
    {
        RelativeText.InEnglish(DateTimeOffset.MaxValue, Now, Zone.Default).ShouldStartWith("on 31 December 9999 at ");
        RelativeText.InPortuguese(DateTimeOffset.MinValue, Now, Zone.Default).ShouldStartWith("em 1º de janeiro de 1 ");
    }

    private static void Says(DateTimeOffset at, string english, string portuguese)
    {
        RelativeText.InEnglish(at, Now, Zone.Default).ShouldBe(english);
        RelativeText.InPortuguese(at, Now, Zone.Default).ShouldBe(portuguese);
    }
}
