using Pontual.Scheduling.Cron;
using Pontual.Scheduling.Schedules;
using Pontual.Scheduling.Tests.Oracle;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Schedules;

/// <summary>
/// The schedules of the documented systems over two whole years in São Paulo, every minute asked of the oracle: 2026, and 2018, whose summer times
/// ended and began at midnight.
/// </summary>
public sealed class DocumentedSchedulesTests
{
    // The counts are reckoned by hand: days of that kind in the year, times runs a day.
    [Theory(DisplayName = "S5-01 S1-01 S1-03 S1-04 S1-06 S3-01 a documented schedule runs a year long exactly when it says")]
    [InlineData(
        "* * * * *",
        525_600,
        525_600,
        "S1-01 S1-02 every minute, heartbeat, processar_mensagens_agendadas, processar_campanhas_agendadas, processar_grupos"
    )]
    [InlineData("*/5 * * * *", 105_120, 105_120, "S1-03 S1-06 every 5 minutes, verificar_whatsapp, sincronizar_chips")]
    [InlineData("0 * * * *", 8_760, 8_760, "S1-04 S1-05 hourly, sincronizar_briefing, processar_confirmacao_plantao, oferta_autonoma")]
    [InlineData("0 2 * * *", 365, 365, "S1-06 at two, avaliar_conversas_pendentes")]
    [InlineData(
        "*/15 * * * *",
        35_040,
        35_040,
        "S3-01 every 15 minutes, verificar_alertas, verificar_alertas_grupos, atualizar_trust_scores"
    )]
    [InlineData("*/5 8-19 * * *", 52_560, 52_560, "validar_telefones")]
    [InlineData("*/10 * * * *", 52_560, 52_560, "processar_handoffs")]
    [InlineData("0 1 * * *", 365, 365, "consolidar_metricas_grupos")]
    [InlineData("0 2 * * 0", 52, 52, "atualizar_prompt_feedback")]
    [InlineData("0 3 * * *", 365, 365, "doctor_state_manutencao_diaria, limpar_grupos_finalizados")]
    [InlineData("0 4 * * 1", 52, 53, "doctor_state_manutencao_semanal")]
    [InlineData("0 6 * * *", 365, 365, "processar_pausas_expiradas, sincronizar_templates")]
    [InlineData("0 8 * * 1-5", 261, 261, "processar_retomadas")]
    [InlineData("0 9 * * 1", 52, 53, "report_semanal")]
    [InlineData("0 9,14 * * 1-5", 522, 522, "discovery_autonomo")]
    [InlineData("0 10 * * *", 365, 365, "processar_followups, report_manha")]
    [InlineData("0 10 * * 1", 52, 53, "reativacao_autonoma")]
    [InlineData("0 11 * * *", 365, 365, "feedback_autonomo")]
    [InlineData("0 20 * * *", 365, 365, "report_fim_dia")]
    [InlineData("55 23 * * *", 365, 365, "snapshot_chips_diario")]
    [InlineData("5 0 * * *", 365, 365, "resetar_contadores_chips")]
    public void A_documented_schedule_runs_a_year_long_exactly_when_it_says(string cron, int runsIn2026, int runsIn2018, string jobs)
    {
        var (in2026, in2018) = (Year(2026, cron), Year(2018, cron));

        (in2026, in2018).ShouldBe((runsIn2026, runsIn2018), jobs);
    }

    [Theory(DisplayName = "S4-01 */30 * * * * * runs every thirty seconds a year long, whatever clocks do")]
    [InlineData(2026)]
    [InlineData(2018)]
    public void Every_thirty_seconds_a_year_long(int year)
    {
        var schedule = new CronSchedule(CronExpression.Parse("*/30 * * * * *"), Zone.Default);
        var (first, end) = (Start(year), Start(year + 1));

        // São Paulo's offsets are whole hours, so its clocks show :00 and :30 whenever those of Greenwich do.
        var expected = first;
        foreach (var at in schedule.Occurrences(first.AddTicks(-1)).TakeWhile(at => at < end))
        {
            (at == expected).ShouldBeTrue($"{at:O} and not {expected:O}");
            (schedule.Previous(at) == at.AddSeconds(-30)).ShouldBeTrue($"before {at:O}");
            expected = expected.AddSeconds(30);
        }

        expected.ShouldBe(end);
    }

    [Theory(DisplayName = "S2-10 S2-06 every 12 and every 6 hours go on through a year without drift")]
    [InlineData(12, 730)]
    [InlineData(6, 1460)]
    public void A_fixed_rate_goes_on_through_a_year(int hours, int expected)
    {
        var first = new DateTimeOffset(2026, 1, 1, 1, 23, 45, TimeSpan.Zero);
        var schedule = new EverySchedule(TimeSpan.FromHours(hours), first);

        var due = schedule.Occurrences(first.AddTicks(-1)).TakeWhile(at => at < first.AddYears(1)).ToList();

        due.ShouldBe(Enumerable.Range(0, expected).Select(run => first.AddHours(hours * run)));
        schedule.Backward(due[^1]).Take(expected).ShouldBe(Enumerable.Reverse(due));
    }

    /// <summary>Compares a year of local time with the oracle, forward and backward; how many runs it has.</summary>
    private static int Year(int year, string cron)
    {
        var schedule = new CronSchedule(CronExpression.Parse(cron), Zone.Default);
        var naive = new NaiveCron(cron);
        var (after, end) = (Start(year).AddTicks(-1), Start(year + 1).AddTicks(-1));
        var (gap, overlap) = naive.IntervalLike ? (GapRule.Skip, OverlapRule.Both) : (GapRule.RunAtEnd, OverlapRule.First);

        var forward = schedule.Occurrences(after).TakeWhile(at => at <= end).ToList();
        var backward = schedule.Backward(end).TakeWhile(at => at > after).Reverse();

        var rules = NodaTime.DateTimeZoneProviders.Tzdb["America/Sao_Paulo"];
        var expected = NaiveClock.Occurrences(naive, rules, gap, overlap, after, end - after);
        forward.SequenceEqual(expected).ShouldBeTrue($"{cron} in {year}");
        backward.SequenceEqual(expected).ShouldBeTrue($"{cron} in {year}, backward");
        return forward.Count;
    }

    private static DateTimeOffset Start(int year) => Zone.Default.ToInstants(new DateTime(year, 1, 1)).First;
}
