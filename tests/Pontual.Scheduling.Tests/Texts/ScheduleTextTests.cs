using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Texts.Grammar;
using Pontual.Scheduling.Texts;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Texts;

/// <summary>Sentences as native readers approved them, word for word.</summary>
public sealed class ScheduleTextTests
{
    private static readonly EnglishSentence English = new();
    private static readonly PortugueseSentence Portuguese = new();
    private static readonly Calendar Holidays = new("br", []);
    private static readonly Calendar Office = new("office", []);

    [Theory]
    [InlineData("* * * * *", "every minute", "a cada minuto")]
    [InlineData("*/5 * * * *", "every 5 minutes", "a cada 5 minutos")]
    [InlineData("*/5 8-19 * * *", "every 5 minutes, from 08:00 to 19:55", "a cada 5 minutos, das 8h às 19h55")]
    [InlineData("0 * * * *", "every hour", "a cada hora")]
    [InlineData("30 * * * *", "every hour, at minute 30", "a cada hora, no minuto 30")]
    [InlineData("7,19 * * * *", "every hour, at minutes 7 and 19", "a cada hora, nos minutos 7 e 19")]
    [InlineData("*/10 22-2 * * *", "every 10 minutes, from 22:00 to 02:50", "a cada 10 minutos, das 22h às 2h50")]
    [InlineData("* 1 * * *", "every minute, from 01:00 to 01:59", "a cada minuto, da 1h à 1h59")]
    [InlineData(
        "0 8-12,14-18 * * *",
        "every hour, from 08:00 to 12:00 and from 14:00 to 18:00",
        "a cada hora, das 8h às 12h e das 14h às 18h"
    )]
    [InlineData(
        "0 8-18 * * 1-5",
        "every hour, from 08:00 to 18:00, Monday to Friday",
        "a cada hora, das 8h às 18h, de segunda a sexta-feira"
    )]
    [InlineData("0 */2 * * *", "every 2 hours", "a cada 2 horas")]
    [InlineData("0 9 * * *", "at 09:00, every day", "às 9h, todos os dias")]
    [InlineData("55 23 * * *", "at 23:55, every day", "às 23h55, todos os dias")]
    [InlineData("0 1,13 * * *", "at 01:00 and 13:00, every day", "à 1h e às 13h, todos os dias")]
    [InlineData("0 9,14 * * 1-5", "at 09:00 and 14:00, Monday to Friday", "às 9h e às 14h, de segunda a sexta-feira")]
    [InlineData("0 1 * * 1", "at 01:00, on Mondays", "à 1h, toda segunda-feira")]
    [InlineData("0 2 * * 0", "at 02:00, on Sundays", "às 2h, todo domingo")]
    [InlineData("0 2 * * 0,6", "at 02:00, on Saturdays and Sundays", "às 2h, todo sábado e domingo")]
    [InlineData("0 9 * * 1,3,5", "at 09:00, on Mondays, Wednesdays and Fridays", "às 9h, toda segunda, quarta e sexta-feira")]
    [InlineData("0 9 * * 2,4,6", "at 09:00, on Tuesdays, Thursdays and Saturdays", "às 9h, toda terça e quinta-feira e todo sábado")]
    [InlineData("0 9 * * FRI-MON", "at 09:00, Friday to Monday", "às 9h, de sexta a segunda-feira")]
    [InlineData("0 9 * * 0-2,4-6", "at 09:00, every day except Wednesday", "às 9h, todos os dias exceto quarta-feira")]
    [InlineData("0 0 1 1 *", "at 00:00, on 1 January", "às 0h, em 1º de janeiro")]
    [InlineData("0 0 1,15 * *", "at 00:00, on days 1 and 15 of the month", "às 0h, nos dias 1º e 15 do mês")]
    [InlineData("0 0 */2 * *", "at 00:00, on odd days of the month", "às 0h, nos dias ímpares do mês")]
    [InlineData("0 9 * NOV-FEB *", "at 09:00, every day, from November to February", "às 9h, todos os dias, de novembro a fevereiro")]
    [InlineData("0 0 13 * 5", "at 00:00, on day 13 of the month or on Fridays", "às 0h, no dia 13 do mês ou toda sexta-feira")]
    [InlineData(
        "0 0 */2 * 1-5",
        "at 00:00, on odd days of the month, only if it is Monday to Friday",
        "às 0h, nos dias ímpares do mês, somente se for de segunda a sexta-feira"
    )]
    [InlineData("0 0 L * *", "at 00:00, on the last day of the month", "às 0h, no último dia do mês")]
    [InlineData("0 0 L-1 * *", "at 00:00, on the next-to-last day of the month", "às 0h, no penúltimo dia do mês")]
    [InlineData("0 18 LW * *", "at 18:00, on the last weekday of the month", "às 18h, no último dia útil do mês")]
    [InlineData(
        "0 0 15W 1-3 *",
        "at 00:00, on the weekday nearest to day 15 of the month, from January to March",
        "às 0h, no dia útil mais próximo do dia 15 do mês, de janeiro a março"
    )]
    [InlineData("0 0 ? * MON#2", "at 00:00, on the second Monday of the month", "às 0h, na segunda segunda-feira do mês")]
    [InlineData(
        "0 0 ? * SUN#1,SUNL",
        "at 00:00, on the first and last Sunday of the month",
        "às 0h, no primeiro e no último domingo do mês"
    )]
    [InlineData("0 0 ? * 6L", "at 00:00, on the last Saturday of the month", "às 0h, no último sábado do mês")]
    [InlineData("*/30 * * * * *", "every 30 seconds", "a cada 30 segundos")]
    [InlineData("30 */5 * * * *", "every 5 minutes, at second 30", "a cada 5 minutos, no segundo 30")]
    [InlineData("0 0 12 1 6 ? 2030,2032", "at 12:00, on 1 June, in 2030 and 2032", "às 12h, em 1º de junho, em 2030 e 2032")]
    [InlineData(
        "0 0 12 * * ? 2025-2060/5",
        "at 12:00, every day, every 5 years from 2025 to 2060",
        "às 12h, todos os dias, a cada 5 anos de 2025 a 2060"
    )]
    public void A_cron_schedule_reads_as_a_person_would_say_it(string cron, string english, string portuguese)
    {
        var schedule = Cron(cron);

        ScheduleText.InEnglish(schedule).ShouldBe(english);
        ScheduleText.InPortuguese(schedule).ShouldBe(portuguese);
    }

    public static TheoryData<Schedule, string, string> OtherKinds =>
        new()
        {
            { new EverySchedule(TimeSpan.FromSeconds(30)), "every 30 seconds", "a cada 30 segundos" },
            { new EverySchedule(TimeSpan.FromSeconds(90)), "every 90 seconds", "a cada 90 segundos" },
            { new EverySchedule(TimeSpan.FromSeconds(1.5)), "every 1.5 seconds", "a cada 1,5 segundo" },
            { new EverySchedule(TimeSpan.FromMinutes(90)), "every 90 minutes", "a cada 90 minutos" },
            { new EverySchedule(TimeSpan.FromHours(1)), "every hour", "a cada hora" },
            {
                new EverySchedule(new TimeSpan(1, 2, 3, 4)),
                "every 1 day, 2 hours, 3 minutes and 4 seconds",
                "a cada 1 dia, 2 horas, 3 minutos e 4 segundos"
            },
            {
                new EverySchedule(TimeSpan.FromHours(1), At("2026-11-21T12:30:00Z")),
                "every hour, counted from 21 November 2026 at 09:30",
                "a cada hora, a contar de 21 de novembro de 2026 às 9h30"
            },
            {
                new DelaySchedule(TimeSpan.FromMinutes(10)),
                "10 minutes after the previous run ended",
                "10 minutos depois do fim da execução anterior"
            },
            {
                new DelaySchedule(TimeSpan.FromHours(1)),
                "1 hour after the previous run ended",
                "1 hora depois do fim da execução anterior"
            },
            {
                new DelaySchedule(TimeSpan.FromHours(12)) { FromStart = true },
                "12 hours after the previous run started",
                "12 horas depois do início da execução anterior"
            },
            {
                new OnceSchedule(At("2026-12-01T04:00:00Z")),
                "once, on 1 December 2026 at 01:00",
                "uma vez, em 1º de dezembro de 2026 à 1h"
            },
            { new StartupSchedule(), "when the system starts", "quando o sistema inicia" },
            { ManualSchedule.Instance, "only when asked", "somente quando solicitado" },
        };

    [Theory]
    [MemberData(nameof(OtherKinds))]
    public void Every_other_kind_has_words_too(Schedule schedule, string english, string portuguese) => Says(schedule, english, portuguese);

    public static TheoryData<Terms, string, string> AllTerms =>
        new()
        {
            {
                new Terms { Jitter = new Jitter(TimeSpan.FromMinutes(2), "") },
                ", spread over up to 2 minutes",
                ", com atraso variável de até 2 minutos"
            },
            {
                new Terms { Start = At("2026-01-05T12:00:00Z") },
                ", starting on 5 January 2026 at 09:00",
                ", a partir de 5 de janeiro de 2026 às 9h"
            },
            {
                new Terms { Start = At("2026-01-01T03:00:00Z"), End = At("2027-01-01T02:59:59Z") },
                ", starting on 1 January 2026, until 31 December 2026",
                ", a partir de 1º de janeiro de 2026, até 31 de dezembro de 2026"
            },
            {
                new Terms
                {
                    Calendars = new CalendarRules { Only = [Office], Except = [Holidays, new Calendar("maintenance", [])] },
                },
                ", only in the calendar \"office\", except in the calendars \"br\" and \"maintenance\"",
                ", somente no calendário \"office\", exceto nos calendários \"br\" e \"maintenance\""
            },
            {
                new Terms
                {
                    Calendars = new CalendarRules { Except = [Holidays], Shift = DayShift.NextBusinessDay },
                },
                ", except in the calendar \"br\", moving to the next business day if needed",
                ", exceto no calendário \"br\", passando para o próximo dia útil se necessário"
            },
            {
                new Terms
                {
                    Calendars = new CalendarRules { Only = [Office, Holidays], Shift = DayShift.PreviousBusinessDay },
                },
                ", only in the calendars \"office\" or \"br\", moving to the previous business day if needed",
                ", somente nos calendários \"office\" ou \"br\", passando para o dia útil anterior se necessário"
            },
        };

    public static TheoryData<string[], string[], string, string> KnownCalendars =>
        new()
        {
            { ["weekdays"], [], ", only on weekdays", ", somente em dias de semana" },
            {
                ["", "extra"],
                [""],
                ", only in the calendar \"extra\" or in its own calendar, except in its own calendar",
                ", somente no calendário \"extra\" ou em calendário próprio, exceto em calendário próprio"
            },
            { [], ["br"], ", except on national holidays of Brazil", ", exceto nos feriados nacionais do Brasil" },
            {
                [],
                ["weekends", "br-SP", "inventory"],
                ", except on weekends, on holidays of Brazil (SP) and in the calendar \"inventory\"",
                ", exceto nos fins de semana, nos feriados do Brasil (SP) e no calendário \"inventory\""
            },
        };

    [Theory]
    [MemberData(nameof(KnownCalendars))]
    public void Built_in_calendars_are_told_by_what_they_cover(string[] only, string[] except, string english, string portuguese)
    {
        var rules = new CalendarRules { Only = [.. only.Select(Known)], Except = [.. except.Select(Known)] };

        Says(
            Cron("0 9 * * *") with
            {
                Terms = new Terms { Calendars = rules },
            },
            $"at 09:00, every day{english}",
            $"às 9h, todos os dias{portuguese}"
        );

        static Calendar Known(string name) => BuiltInCalendars.TryFind(name, out var calendar) ? calendar : new Calendar(name, []);
    }

    [Theory]
    [MemberData(nameof(AllTerms))]
    public void Terms_follow_the_times(Terms terms, string english, string portuguese) =>
        Says(
            Cron("0 9 * * 1-5") with
            {
                Terms = terms,
            },
            $"at 09:00, Monday to Friday{english}",
            $"às 9h, de segunda a sexta-feira{portuguese}"
        );

    [Theory]
    [InlineData(
        GapRule.Skip,
        OverlapRule.Both,
        "times that the clock skips do not run; times that come twice run both times",
        "horários que o relógio pula não são executados; horários que se repetem são executados nas duas vezes"
    )]
    [InlineData(
        GapRule.RunAtEnd,
        OverlapRule.First,
        "times that the clock skips run right after the change; times that come twice run the first time",
        "horários que o relógio pula são executados logo após a mudança; horários que se repetem são executados na primeira vez"
    )]
    [InlineData(
        GapRule.RunShifted,
        OverlapRule.Second,
        "times that the clock skips run as much later; times that come twice run the second time",
        "horários que o relógio pula são executados com o mesmo atraso; horários que se repetem são executados na segunda vez"
    )]
    public void Rules_for_clock_changes_are_said_where_they_were_chosen(
        GapRule gap,
        OverlapRule overlap,
        string english,
        string portuguese
    ) =>
        Says(
            Cron("0 9 * * *") with
            {
                Dst = new DstRules(gap, overlap),
            },
            $"at 09:00, every day; {english}",
            $"às 9h, todos os dias; {portuguese}"
        );

    private static void Says(Schedule schedule, string english, string portuguese)
    {
        ScheduleText.InEnglish(schedule).ShouldBe(english);
        ScheduleText.InPortuguese(schedule).ShouldBe(portuguese);
        Should.NotThrow(() => English.Read(english));
        Should.NotThrow(() => Portuguese.Read(portuguese));
    }

    private static CronSchedule Cron(string text) => new(CronExpression.Parse(text), Zone.Default);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
