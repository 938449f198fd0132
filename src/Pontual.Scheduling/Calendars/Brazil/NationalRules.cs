namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>The national holidays, each from the first time it came under the law that is named beside it.</summary>
internal static class NationalRules
{
    /// <remarks>
    /// Law 662 is of 6 April 1949. What decrees before it declared (back to Decree 155-B of 1890) is left out. Finados was kept everywhere long before
    /// law 10.607 of 2002 made it national; Good Friday has been a holiday by law 605 of 1949 and is one by law 9.093 of 1995, and every federal
    /// ordinance lists it as national.
    /// </remarks>
    public static IReadOnlyList<HolidayRule> Holidays { get; } =
    [
        new("Confraternização Universal", 1, 1, 1950), // law 662/1949
        HolidayRule.FromEaster("Paixão de Cristo", -2, 1949), // law 605/1949, law 9.093/1995
        new("Tiradentes", 4, 21, 1951), // law 1.266 of 8 December 1950
        new("Dia Mundial do Trabalho", 5, 1, 1949), // law 662/1949
        new("Independência do Brasil", 9, 7, 1949), // law 662/1949
        new("Nossa Senhora Aparecida", 10, 12, 1980), // law 6.802 of 30 June 1980
        new("Finados", 11, 2, 2003), // law 10.607 of 19 December 2002
        new("Proclamação da República", 11, 15, 1949), // law 662/1949
        new("Dia Nacional de Zumbi e da Consciência Negra", 11, 20, 2024), // law 14.759 of 21 December 2023
        new("Natal", 12, 25, 1949), // law 662/1949
    ];

    /// <summary>Optional points ("pontos facultativos") that the federal ordinances name each year. Ash Wednesday, until 14:00 only, is <see cref="AshWednesdayEntry"/>.</summary>
    public static IReadOnlyList<HolidayRule> Optional { get; } =
    [HolidayRule.FromEaster("Carnaval", -48), HolidayRule.FromEaster("Carnaval", -47), HolidayRule.FromEaster("Corpus Christi", 60)];
}
