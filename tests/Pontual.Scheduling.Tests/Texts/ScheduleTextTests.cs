using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Texts;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Texts;

public sealed class ScheduleTextTests
{
    [Theory]
    [InlineData("* * * * *", "every minute", "a cada minuto")]
    [InlineData("*/5 * * * *", "every 5 minutes", "a cada 5 minutos")]
    [InlineData("*/5 8-19 * * *", "every 5 minutes, from 08:00 to 19:55", "a cada 5 minutos, das 8h às 19h55")]
    [InlineData("0 * * * *", "every hour", "a cada hora")]
    [InlineData("30 * * * *", "at minute 30, every hour", "no minuto 30, a cada hora")]
    [InlineData(
        "0 8-18 * * 1-5",
        "every hour, from 08:00 to 18:00, Monday to Friday",
        "a cada hora, das 8h às 18h, de segunda a sexta-feira"
    )]
    [InlineData("0 */2 * * *", "every 2 hours", "a cada 2 horas")]
    [InlineData("0 9 * * *", "at 09:00, every day", "às 9h, todos os dias")]
    [InlineData("55 23 * * *", "at 23:55, every day", "às 23h55, todos os dias")]
    [InlineData("0 9,14 * * 1-5", "at 09:00 and 14:00, Monday to Friday", "às 9h e às 14h, de segunda a sexta-feira")]
    [InlineData("0 1 * * 1", "at 01:00, on Monday", "à 1h, na segunda-feira")]
    [InlineData("0 2 * * 0", "at 02:00, on Sunday", "às 2h, no domingo")]
    [InlineData("0 2 * * 0,6", "at 02:00, on Saturday and Sunday", "às 2h, no sábado e no domingo")]
    [InlineData("0 0 1 1 *", "at 00:00, on day 1 of the month, in January", "às 0h, no dia 1 do mês, em janeiro")]
    [InlineData("0 0 1,15 * *", "at 00:00, on days 1 and 15 of the month", "às 0h, nos dias 1 e 15 do mês")]
    [InlineData("0 0 13 * 5", "at 00:00, on day 13 of the month or on Friday", "às 0h, no dia 13 do mês ou na sexta-feira")]
    [InlineData("0 0 L * *", "at 00:00, on the last day of the month", "às 0h, no último dia do mês")]
    [InlineData("0 0 ? * MON#2", "at 00:00, on the second Monday of the month", "às 0h, na segunda segunda-feira do mês")]
    [InlineData("0 0 ? * 6L", "at 00:00, on the last Saturday of the month", "às 0h, no último sábado do mês")]
    [InlineData(
        "0 0 15W 1-3 *",
        "at 00:00, on the Monday-to-Friday day nearest to day 15 of the month, from January to March",
        "às 0h, no dia de segunda a sexta-feira mais próximo do dia 15 do mês, de janeiro a março"
    )]
    [InlineData("*/30 * * * * *", "every 30 seconds", "a cada 30 segundos")]
    [InlineData(
        "0 0 12 1 6 ? 2030,2032",
        "at 12:00, on day 1 of the month, in June, in 2030 and 2032",
        "às 12h, no dia 1 do mês, em junho, em 2030 e 2032"
    )]
    [InlineData(
        "7,19 3-5 * * *",
        "at 03:07, 03:19, 04:07, 04:19, 05:07 and 05:19, every day",
        "às 3h07, às 3h19, às 4h07, às 4h19, às 5h07 e às 5h19, todos os dias"
    )]
    public void A_cron_schedule_reads_as_a_person_would_say_it(string cron, string english, string portuguese)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Default);

        ScheduleText.InEnglish(schedule).ShouldBe(english);
        ScheduleText.InPortuguese(schedule).ShouldBe(portuguese);
    }

    [Fact]
    public void Other_schedules_have_words_too()
    {
        var every = new EverySchedule(TimeSpan.FromSeconds(90));
        var anchored = new EverySchedule(TimeSpan.FromHours(1), DateTimeOffset.Parse("2026-11-21T12:30:00Z"));
        var once = new OnceSchedule(DateTimeOffset.Parse("2026-12-01T09:00:00-03:00"));

        ScheduleText.InEnglish(every).ShouldBe("every 1 minute 30 seconds");
        ScheduleText.InPortuguese(every).ShouldBe("a cada 1 minuto e 30 segundos");
        ScheduleText.InEnglish(anchored).ShouldBe("every hour, counted from 2026-11-21 12:30:00 UTC");
        ScheduleText.InEnglish(once).ShouldBe("once, on 2026-12-01 at 12:00:00 UTC");
        ScheduleText.InPortuguese(ManualSchedule.Instance).ShouldBe("somente quando pedido");
    }

    [Fact]
    public void Every_expression_has_words_in_both_languages() =>
        Expressions.Valid.Check(
            1_000,
            text =>
            {
                var schedule = new CronSchedule(CronExpression.Parse(text), Zone.Default);

                ScheduleText.InEnglish(schedule).ShouldNotBeNullOrWhiteSpace();
                ScheduleText.InPortuguese(schedule).ShouldNotBeNullOrWhiteSpace();
            }
        );
}
