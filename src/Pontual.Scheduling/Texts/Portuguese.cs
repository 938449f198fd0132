namespace Pontual.Scheduling.Texts;

/// <summary>Portuguese as it is written in Brazil.</summary>
internal sealed class Portuguese : Language
{
    private static readonly string[] Days = ["domingo", "segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"];

    private static readonly string[] Months =
    [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ];

    private static readonly string[] Ordinals = ["últim", "primeir", "segund", "terceir", "quart", "quint"];

    public override string And => "e";

    public override string Or => "ou";

    public override string EveryDay => "todos os dias";

    public override string WhenAsked => "somente quando pedido";

    public override string BeforeTimes => "";

    public override string Time(int hour, int minute, int second) => $"{(hour == 1 ? "à" : "às")} {Clock(hour, minute, second)}";

    public override string Every(int count, TimeUnit unit) => count == 1 ? $"a cada {Name(unit)}" : $"a cada {count} {Name(unit)}s";

    public override string AtValues(IReadOnlyList<int> values, TimeUnit unit) =>
        (values.Count, unit) switch
        {
            (1, TimeUnit.Hour) => $"na hora {values[0]}",
            (_, TimeUnit.Hour) => $"nas horas {Ranges(values, value => $"{value}")}",
            (1, _) => $"no {Name(unit)} {values[0]}",
            _ => $"nos {Name(unit)}s {Ranges(values, value => $"{value}")}",
        };

    public override string Between(int firstHour, int firstMinute, int lastHour, int lastMinute) =>
        $"{(firstHour == 1 ? "da" : "das")} {Clock(firstHour, firstMinute, 0)} {Time(lastHour, lastMinute, 0)}";

    public override string OnWeekdays(IReadOnlyList<int> days) =>
        days switch
        {
            [1, 2, 3, 4, 5] => "de segunda a sexta-feira",
            _ when AreNeighbours(days) => $"de {Whole(days[0])} a {Whole(days[^1])}",
            _ => List([.. days.Select(day => $"{(IsMasculine(day) ? "no" : "na")} {Whole(day)}")], And),
        };

    public override string OnDates(IReadOnlyList<int> days) =>
        days.Count == 1 ? $"no dia {days[0]} do mês" : $"nos dias {Ranges(days, day => $"{day}")} do mês";

    public override string BeforeMonthEnd(int days) =>
        days switch
        {
            0 => "no último dia do mês",
            1 => "no penúltimo dia do mês",
            _ => $"{days} dias antes do último dia do mês",
        };

    public override string NearestWeekday(int day) =>
        day == 0
            ? "no último dia do mês que cai de segunda a sexta-feira"
            : $"no dia de segunda a sexta-feira mais próximo do dia {day} do mês";

    public override string NthWeekday(int day, int nth) =>
        IsMasculine(day) ? $"no {Ordinals[nth]}o {Whole(day)} do mês" : $"na {Ordinals[nth]}a {Whole(day)} do mês";

    public override string OnlyIf(string one, string other) => $"{one}, se também for {other}";

    public override string InMonths(IReadOnlyList<int> months) =>
        $"{(AreNeighbours(months) ? "de" : "em")} {Ranges(months, month => Months[month - 1])}";

    public override string InYears(IReadOnlyList<int> years) => $"em {Ranges(years, year => $"{year}")}";

    public override string EveryPeriod(TimeSpan period)
    {
        var parts = Parts(period).ToList();
        return parts is [(1, var unit)]
            ? Every(1, unit)
            : $"a cada {List([.. parts.Select(part => $"{part.Count} {Name(part.Unit)}{(part.Count == 1 ? "" : "s")}")], And)}";
    }

    public override string CountedFrom(DateTimeOffset anchor) => $"contados desde {anchor.UtcDateTime:dd/MM/yyyy HH:mm:ss} UTC";

    public override string Once(DateTimeOffset at) => $"uma vez, em {at.UtcDateTime:dd/MM/yyyy} às {at.UtcDateTime:HH:mm:ss} UTC";

    protected override string To(string first, string last) => $"{first} a {last}";

    private static string Clock(int hour, int minute, int second) =>
        second != 0 ? $"{hour}h{minute:00}min{second:00}s"
        : minute != 0 ? $"{hour}h{minute:00}"
        : $"{hour}h";

    // Saturday and Sunday are the masculine ones, and the ones without "-feira".
    private static bool IsMasculine(int day) => day % 7 is 0 or 6;

    private static string Whole(int day) => IsMasculine(day) ? Days[day] : $"{Days[day]}-feira";

    private static string Name(TimeUnit unit) =>
        unit switch
        {
            TimeUnit.Second => "segundo",
            TimeUnit.Minute => "minuto",
            TimeUnit.Hour => "hora",
            _ => "dia",
        };
}
