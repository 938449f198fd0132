namespace Pontual.Scheduling.Calendars.Brazil;

/// <summary>Main municipal holidays of the state capitals, by state and name. What is listed is sure; a city may have more (four religious ones at most, law 9.093/1995).</summary>
internal static class CityRules
{
    private static readonly HolidayRule Conception = new("Nossa Senhora da Conceição", 12, 8);
    private static readonly HolidayRule SaintJohn = new("São João", 6, 24);
    private static readonly HolidayRule CorpusChristi = HolidayRule.FromEaster("Corpus Christi", 60);

    public static IReadOnlyDictionary<(string State, string City), HolidayRule[]> ByCity { get; } =
        new Dictionary<(string State, string City), HolidayRule[]>
        {
            [("AC", "Rio Branco")] = [new("Aniversário de Rio Branco", 12, 28)],
            [("AL", "Maceió")] = [new("Nossa Senhora dos Prazeres", 8, 27), Conception],
            [("AM", "Manaus")] = [new("Aniversário de Manaus", 10, 24), Conception],
            [("AP", "Macapá")] = [new("Aniversário de Macapá", 2, 4)],
            [("BA", "Salvador")] = [SaintJohn, Conception],
            [("CE", "Fortaleza")] = [new("Nossa Senhora da Assunção", 8, 15)],
            [("ES", "Vitória")] = [new("Nossa Senhora da Vitória", 9, 8)],
            [("GO", "Goiânia")] = [new("Nossa Senhora Auxiliadora", 5, 24), new("Aniversário de Goiânia", 10, 24)],
            [("MA", "São Luís")] = [new("Aniversário de São Luís", 9, 8)],
            [("MG", "Belo Horizonte")] = [CorpusChristi, new("Assunção de Nossa Senhora", 8, 15), Conception],
            [("MS", "Campo Grande")] = [new("Santo Antônio", 6, 13), new("Aniversário de Campo Grande", 8, 26)],
            [("MT", "Cuiabá")] = [new("Aniversário de Cuiabá", 4, 8)],
            [("PA", "Belém")] = [new("Aniversário de Belém", 1, 12), Conception],
            [("PB", "João Pessoa")] = [SaintJohn, Conception],
            [("PE", "Recife")] = [SaintJohn, new("Nossa Senhora do Carmo", 7, 16), Conception],
            [("PI", "Teresina")] = [new("Aniversário de Teresina", 8, 16)],
            [("PR", "Curitiba")] = [CorpusChristi, new("Nossa Senhora da Luz dos Pinhais", 9, 8)],
            [("RJ", "Rio de Janeiro")] = [new("São Sebastião", 1, 20)],
            [("RN", "Natal")] = [new("Santos Reis", 1, 6), new("Nossa Senhora da Apresentação", 11, 21)],
            [("RO", "Porto Velho")] = [new("Aniversário de Porto Velho", 10, 2)],
            [("RR", "Boa Vista")] = [new("Aniversário de Boa Vista", 7, 9)],
            [("RS", "Porto Alegre")] = [new("Nossa Senhora dos Navegantes", 2, 2), CorpusChristi],
            [("SC", "Florianópolis")] = [new("Aniversário de Florianópolis", 3, 23)],
            [("SE", "Aracaju")] = [new("Aniversário de Aracaju", 3, 17), Conception],
            [("SP", "São Paulo")] =
            [
                new("Aniversário de São Paulo", 1, 25),
                CorpusChristi, // municipal law 7.008/1967
                new("Dia da Consciência Negra", 11, 20, 2004, 2023), // municipal law 13.707/2004; national afterwards
            ],
            [("TO", "Palmas")] = [new("Aniversário de Palmas", 5, 20)],
        };
}
