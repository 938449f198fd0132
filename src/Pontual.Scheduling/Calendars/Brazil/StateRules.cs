namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>Holidays of the 27 states by their two letters. What is listed is sure; what is not listed may still be one.</summary>
/// <remarks>
/// None are listed for GO, MG (its day is 21 April, national), MT (20 November, national since 2024, apart) and for PR and SC, whose days are optional or move
/// to a Sunday by their own laws (18.384/2014, 17.335/2017). AC moves its lesser holidays to a Friday (law 2.247/2009): only its own day is listed.
/// </remarks>
internal static class StateRules
{
    private const string BlackAwareness = "Dia da Consciência Negra";

    public static IReadOnlyDictionary<string, HolidayRule[]> ByState { get; } =
        new Dictionary<string, HolidayRule[]>(StringComparer.OrdinalIgnoreCase)
        {
            ["AC"] = [new("Aniversário do Acre", 6, 15, 1965)], // state law 14/1964
            ["AL"] =
            [
                new("São João", 6, 24, 1993), // state law 5.508/1993
                new("São Pedro", 6, 29, 1993), // state law 5.508/1993
                new("Emancipação Política de Alagoas", 9, 16), // of 1817
            ],
            ["AM"] = [new("Elevação do Amazonas à Categoria de Província", 9, 5, 1977)], // state law 25/1977
            ["AP"] = [new("Dia de São José", 3, 19, 2002)], // state law 667/2002
            ["BA"] = [new("Independência da Bahia", 7, 2)], // of 1823
            ["CE"] =
            [
                new("Dia de São José", 3, 19), // patron of the state
                new("Data Magna do Ceará", 3, 25, 2012), // amendment 73/2011 of the state's constitution
            ],
            ["DF"] = [new("Dia do Evangélico", 11, 30, 1995)], // district law 963/1995
            ["ES"] = [HolidayRule.FromEaster("Nossa Senhora da Penha", 8, 2020)], // state law 11.010/2019
            ["GO"] = [],
            ["MA"] = [new("Adesão do Maranhão à Independência", 7, 28, 1965)], // state law 2.457/1964
            ["MG"] = [],
            ["MS"] = [new("Criação do Estado", 10, 11, 1979)], // state law 10/1979
            ["MT"] = [new(BlackAwareness, 11, 20, 2003, 2023)], // state law 7.879/2002; national afterwards
            ["PA"] = [new("Adesão do Grão-Pará à Independência", 8, 15, 1997)], // state law 5.999/1996
            ["PB"] = [new("Fundação do Estado", 8, 5, 1967)], // state law 3.489/1967
            ["PE"] = [new("Data Magna de Pernambuco", 3, 6, 2018)], // state law 16.059/2017
            ["PI"] = [new("Dia do Piauí", 10, 19, 1937)], // state law 176/1937
            ["PR"] = [],
            ["RJ"] =
            [
                HolidayRule.FromEaster("Carnaval", -47, 2009), // state law 5.243/2008
                new("Dia de São Jorge", 4, 23, 2008), // state law 5.198/2008
                new(BlackAwareness, 11, 20, 2002, 2023), // state law 4.007/2002; national afterwards
            ],
            ["RN"] = [new("Mártires de Cunhaú e Uruaçu", 10, 3, 2007)], // state law 8.913/2006
            ["RO"] =
            [
                new("Criação do Estado", 1, 4, 2011), // state law 2.291/2010
                new("Dia do Evangélico", 6, 18, 2002), // state law 1.026/2001
            ],
            ["RR"] = [new("Criação do Estado", 10, 5, 1989)], // constitution of 1988
            ["RS"] = [new("Revolução Farroupilha", 9, 20, 1996)], // state decree 36.180/1995
            ["SC"] = [],
            ["SE"] = [new("Emancipação Política de Sergipe", 7, 8)], // of 1820
            ["SP"] =
            [
                new("Revolução Constitucionalista de 1932", 7, 9, 1997), // state law 9.497/1997
                new(BlackAwareness, 11, 20, 2023, 2023), // state law 17.746/2023; national afterwards
            ],
            ["TO"] =
            [
                new("Autonomia do Estado", 3, 18, 1998), // state law 960/1998
                new("Nossa Senhora da Natividade", 9, 8, 1994), // state law 627/1993
                new("Criação do Estado", 10, 5, 1989), // constitution of 1988
            ],
        };
}
