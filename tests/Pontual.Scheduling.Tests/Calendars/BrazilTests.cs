using Pontual.Scheduling.Calendars;
using Pontual.Scheduling.Calendars.Brazil;
using Pontual.Scheduling.Zones;
using Shouldly;

namespace Pontual.Scheduling.Tests.Calendars;

public sealed class BrazilTests
{
    [Fact]
    public void Easter_falls_on_its_known_dates()
    {
        string[] known =
        [
            .. "2017-04-16 2018-04-01 2019-04-21 2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05".Split(' '),
            .. "2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25 2036-04-13".Split(' '),
            .. "2037-04-05 2038-04-25 2039-04-10 2040-04-01 2041-04-21 2042-04-06 2043-03-29 2044-04-17 2045-04-09".Split(' '),
            .. "1583-04-10 1818-03-22 1886-04-25 1943-04-25 1954-04-18 1981-04-19 2049-04-18 2076-04-19 2285-03-22".Split(' '),
        ];

        known.Select(date => Easter.Sunday(int.Parse(date[..4])).ToString("yyyy-MM-dd")).ShouldBe(known);
    }

    [Fact]
    public void Easter_is_a_Sunday_from_22_March_to_25_April_in_every_year()
    {
        for (var year = 1; year <= 9999; year++)
        {
            var easter = Easter.Sunday(year);

            easter.DayOfWeek.ShouldBe(DayOfWeek.Sunday);
            (easter.Month * 100 + easter.Day).ShouldBeInRange(322, 425);
        }
    }

    [Theory]
    [InlineData(2019, "01-01 04-19 04-21 05-01 09-07 10-12 11-02 11-15 12-25")]
    [InlineData(2023, "01-01 04-07 04-21 05-01 09-07 10-12 11-02 11-15 12-25")]
    [InlineData(2024, "01-01 03-29 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25")]
    [InlineData(2025, "01-01 04-18 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25")]
    [InlineData(2026, "01-01 04-03 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25")]
    [InlineData(1979, "01-01 04-13 04-21 05-01 09-07 11-15 12-25")]
    public void National_holidays_are_those_that_the_laws_of_the_year_name(int year, string expected)
    {
        var holidays = BrazilHolidays.Of(year, new BrazilEntry());

        string.Join(' ', holidays.Select(holiday => holiday.Day.ToString("MM-dd"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2026-02-16", "Carnaval")]
    [InlineData("2026-02-17", "Carnaval")]
    [InlineData("2026-02-18", null)]
    [InlineData("2026-06-04", "Corpus Christi")]
    [InlineData("2024-02-13", "Carnaval")]
    [InlineData("2024-05-30", "Corpus Christi")]
    [InlineData("2026-12-25", "Natal")]
    public void Optional_points_count_only_on_wish(string date, string? expected)
    {
        var day = DateOnly.Parse(date);

        new BrazilEntry(optional: true).Covers(day, out var name);
        new BrazilEntry().Covers(day, out var national);

        name.ShouldBe(expected);
        national.ShouldBe(expected == "Natal" ? expected : null);
    }

    [Theory]
    [InlineData("SP", null, "2026-07-09", "Revolução Constitucionalista de 1932")]
    [InlineData("SP", "sao paulo", "2026-01-25", "Aniversário de São Paulo")]
    [InlineData("SP", "São Paulo", "2026-06-04", "Corpus Christi")]
    [InlineData("SP", "São Paulo", "2022-11-20", "Dia da Consciência Negra")]
    [InlineData("sp", null, "2022-11-20", null)]
    [InlineData("RJ", "Rio de Janeiro", "2026-01-20", "São Sebastião")]
    [InlineData("RJ", null, "2026-04-23", "Dia de São Jorge")]
    [InlineData("RJ", null, "2026-02-17", "Carnaval")]
    [InlineData("RS", null, "2026-09-20", "Revolução Farroupilha")]
    [InlineData("BA", null, "2026-07-02", "Independência da Bahia")]
    [InlineData("ES", null, "2026-04-13", "Nossa Senhora da Penha")]
    [InlineData("MG", "Belo Horizonte", "2026-08-15", "Assunção de Nossa Senhora")]
    [InlineData("GO", null, "2026-10-24", null)]
    [InlineData("PE", null, "2017-03-06", null)]
    public void States_and_capitals_have_their_own(string state, string? city, string date, string? expected)
    {
        new BrazilEntry(state, city).Covers(DateOnly.Parse(date), out var name);

        name.ShouldBe(expected);
    }

    [Fact]
    public void Every_state_is_built_in_and_every_capital_is_found()
    {
        BrazilHolidays.States.Count().ShouldBe(27);
        BrazilHolidays.States.ShouldAllBe(state => BuiltInCalendars.Names.Contains("br-" + state));
        BrazilHolidays.Cities.Count().ShouldBe(26);
        BrazilHolidays.Cities.ShouldAllBe(city => new BrazilEntry(city.State, city.City, false).City == city.City);
        Should.Throw<ArgumentException>(() => new BrazilEntry("XX"));
        Should.Throw<ArgumentException>(() => new BrazilEntry("SP", "Campinas"));
    }

    [Fact]
    public void Ash_Wednesday_is_covered_until_14_in_every_year()
    {
        var ash = new AshWednesdayEntry();
        foreach (
            var (text, covered) in new[]
            {
                ("2026-02-18T02:59", false),
                ("2026-02-18T03:00", true),
                ("2026-02-18T16:59", true),
                ("2026-02-18T17:00", false),
            }
        )
        {
            var at = DateTimeOffset.Parse(text + "Z");

            var stretch = ash.StretchAt(at, Zone.Default);

            stretch.IsCovered.ShouldBe(covered, text);
            (stretch.Since <= at && at < stretch.Until).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_list_of_a_year_and_the_question_of_a_day_agree()
    {
        foreach (var entry in new[] { new BrazilEntry("SP", "São Paulo", true), new BrazilEntry("RJ", null, true), new BrazilEntry() })
        {
            for (var year = 1940; year <= 2060; year++)
            {
                var listed = BrazilHolidays.Of(year, entry).Select(holiday => holiday.Day);
                var covered = Enumerable
                    .Range(0, 366)
                    .Select(new DateOnly(year, 1, 1).AddDays)
                    .Where(day => day.Year == year && entry.Covers(day, out _));

                covered.ShouldBe(listed);
            }
        }
    }
}
