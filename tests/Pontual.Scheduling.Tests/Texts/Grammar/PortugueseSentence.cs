namespace Pontual.Scheduling.Tests.Texts.Grammar;

/// <summary>The Portuguese a description may be written in: prepositions and endings must agree with what they belong to.</summary>
internal sealed class PortugueseSentence : Sentence
{
    private const string Minutes = @"(?:[0-5]\dmin(?:0[1-9]|[1-5]\d)s|(?:0[1-9]|[1-5]\d))?";
    private const string Hours = @"(?:[02-9]|1\d|2[0-3])h";
    private const string Time = $"(?:à 1h|às {Hours}){Minutes}";
    private const string Of = " do mês";

    private static readonly string[] Weekdays = ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"];
    private static readonly string[] Ordinals = ["últim", "primeir", "segund", "terceir", "quart", "quint"];
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

    private static readonly string Number = @"\d+(?: a \d+)?";
    private static readonly string DayNumber = @"(?:1º|(?!1\b)\d+)(?: a \d+)?";
    private static readonly string Month = AnyOf(Months);
    private static readonly string Short = AnyOf(Weekdays[..5]);
    private static readonly string Whole = $"(?:{Short}-feira|sábado|domingo)";
    private static readonly string Several = $@"(?:{Many(Number, "e")}|\d+ a \d+)";
    private static readonly string SeveralDays = $@"(?:{Many(DayNumber, "e")}|(?:1º|\d+) a \d+)";
    private static readonly string Length = List(
        @"(?:1(?:,\d+)? (?:segundo|minuto|hora|dia)|(?!1[ ,])\d+(?:,\d+)? (?:segundos|minutos|horas|dias))",
        "e"
    );
    private static readonly string Moment = $@"(?:1º|(?!1 )[1-9]\d?) de {Month} de \d{{4}}(?: {Time})?";

    private static readonly string OnNth =
        $"(?:{List($"na {AnyOf(Ordinals)}a", "e")} {Short}-feira|{List($"no {AnyOf(Ordinals)}o", "e")} (?:sábado|domingo)){Of}";

    private static readonly string TheNth =
        $"(?:{List($"a {AnyOf(Ordinals)}a", "e")} {Short}-feira|{List($"o {AnyOf(Ordinals)}o", "e")} (?:sábado|domingo)){Of}";

    private static readonly string Feminine = $"(?:(?:{Short}(?:, {Short})* e )?{Short}-feira)";
    private static readonly string Range = $"de (?:{Short}|sábado|domingo) a {Whole}";

    private static readonly string DayItem =
        $"(?:{OnNth}|no dia (?:1º|(?!1 )\\d+){Of}|nos dias {SeveralDays}{Of}|nos dias (?:ím)?pares{Of}|no último dia{Of}|no (?:ante)?penúltimo dia{Of}"
        + $@"|\d+ dias antes do último dia{Of}|no último dia útil{Of}|no dia útil mais próximo do dia (?:1º|(?!1 )\d+){Of}"
        + $"|em {List(@"(?:1º|(?!1 )\d+)", "e")} de {Month}|toda {Feminine}|todo {List("(?:sábado|domingo)", "e")}|todos os dias exceto {Whole}|{Range})";

    public PortugueseSentence()
    {
        Times();
        Days();
        var month = $"(?:em {List(Month, "e")}|de {Month} a {Month})";
        Phrase(List(month, "e"), (match, reading) => reading.Limits.Add([.. Each(month, match.Value).Select(one => InMonths(one.Value))]));
        Phrase($@"em {List(@"\d{4}", "e")}", (match, reading) => reading.Limits.Add([In(Numbers(match.Value, "a"))]));
        Phrase(@"(?:a cada (?<n>\d+) anos )?de (?<a>\d{4}) a (?<b>\d{4})", (match, reading) => reading.Limits.Add([YearRange(match)]));
        Terms();
    }

    private void Times()
    {
        Phrase("somente quando solicitado|quando o sistema inicia");
        Phrase($"a cada (?:segundo|minuto|hora|dia|{Length}), a contar de {Moment}");
        Phrase($"{Length} depois do (?:fim|início) da execução anterior");
        Phrase($"uma vez, em {Moment}");
        Phrase(List(Time, "e"), (match, reading) => reading.Listed.AddRange(Each(Time, match.Value).Select(one => Clock(one.Value))));
        Phrase(
            @"a cada (?:(?<unit>segundo|minuto|hora|dia)|(?<n>(?!1 )\d+) (?<unit>segundo|minuto|hora|dia)s)",
            (match, reading) =>
                reading.Every = Unit(match.Groups["unit"].Value) * (match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value) : 1)
        );
        Phrase($"a cada {Length}");
        Phrase($@"no minuto \d+|nos minutos {Several}", (match, reading) => reading.AtMinutes = Numbers(match.Value, "a"));
        Phrase(
            $@"durante (?:o minuto \d+|os minutos {Several}) da hora",
            (match, reading) => reading.DuringMinutes = Numbers(match.Value, "a")
        );
        Phrase($@"no segundo \d+|nos segundos {Several}", (match, reading) => reading.AtSeconds = Numbers(match.Value, "a"));
        var between = $"(da 1h{Minutes}|das {Hours}{Minutes}) ({Time})";
        Phrase(
            List(between, "e"),
            (match, reading) =>
                reading.Between.AddRange(Each(between, match.Value).Select(one => (Clock(one.Groups[1].Value), Clock(one.Groups[2].Value))))
        );
        Phrase($@"durante (?:a hora \d+|as horas {Several})", (match, reading) => reading.DuringHours = Numbers(match.Value, "a"));
    }

    private void Days()
    {
        Phrase("todos os dias");
        Phrase(
            $"{DayItem}(?:(?:, | e | ou ){DayItem})*",
            (match, reading) => reading.Days.AddRange(Each(DayItem, match.Value).Select(item => DayOf(item.Value)))
        );
        var condition = $"(?:{TheNth}|{Range}|{List($"(?:{Short}-feira|{Short}|sábado|domingo)", "ou")})";
        Phrase(
            $"somente se for {condition}(?:(?:, | ou ){condition})*",
            (match, reading) => reading.Limits.Add([.. Each(condition, match.Value).Select(one => DayOf(one.Value))])
        );
    }

    private void Terms()
    {
        foreach (var (before, word) in new[] { ("somente", "ou"), ("exceto", "e") })
        {
            var named = $"(?:no calendário \"[^\"]+\"|nos calendários {Many("\"[^\"]+\"", word)})";
            var known =
                "nos fins de semana|em dias de semana|nos feriados nacionais do Brasil|nos feriados do Brasil [(][A-Z]{2}[)]|em calendário próprio";
            Phrase($"{before} {List($"(?:{known}|{named})", word)}");
        }

        Phrase("passando para o (?:próximo dia útil|dia útil anterior) se necessário");
        Phrase($"com atraso variável de até {Length}");
        Phrase($"a partir de {Moment}");
        Phrase($"até {Moment}");
        Phrase("horários que o relógio pula (?:são executados (?:logo após a mudança|com o mesmo atraso)|não são executados)");
        Phrase("horários que se repetem são executados (?:na primeira vez|na segunda vez|nas duas vezes)");
    }

    private static Func<DateOnly, bool> DayOf(string item)
    {
        var numbers = Numbers(item, "a");
        var ordinals = Each($@"\b{AnyOf(Ordinals)}[ao]\b(?!-feira)(?=[ ]|$)", item)
            .Select(match => Array.IndexOf(Ordinals, match.Value[..^1]))
            .ToList();
        var isNth =
            item.EndsWith($"-feira{Of}", StringComparison.Ordinal)
            || item.EndsWith($"sábado{Of}", StringComparison.Ordinal)
            || item.EndsWith($"domingo{Of}", StringComparison.Ordinal);
        var weekdays = Each(isNth ? Whole : $@"\b{AnyOf(Weekdays)}\b", item)
            .Select(match => Array.FindIndex(Weekdays, name => match.Value.StartsWith(name, StringComparison.Ordinal)) + 1)
            .ToList();
        return item switch
        {
            _ when item.Contains("ímpares") => day => day.Day % 2 == 1,
            _ when item.Contains("pares") => day => day.Day % 2 == 0,
            _ when item.Contains("último dia útil") => day => IsNearest(day, DateTime.DaysInMonth(day.Year, day.Month)),
            _ when item.Contains("mais próximo") => day => IsNearest(day, numbers[0]),
            _ when item.Contains("antepenúltimo") => day => FromEnd(day) == 2,
            _ when item.Contains("penúltimo") => day => FromEnd(day) == 1,
            _ when item.Contains("antes do último") => day => FromEnd(day) == numbers[0],
            _ when item.Contains("último dia") => day => FromEnd(day) == 0,
            _ when isNth => day => ordinals.Any(nth => IsNth(day, weekdays[0], nth)),
            _ when item.Contains("exceto") => day => Weekday(day) != weekdays[0],
            _ when weekdays.Count == 2 && item.StartsWith("de ", StringComparison.Ordinal) => day =>
                Round(weekdays[0], weekdays[1], 7).Contains(Weekday(day)),
            _ when weekdays.Count > 0 => day => weekdays.Contains(Weekday(day)),
            _ when item.EndsWith(Of, StringComparison.Ordinal) => day => numbers.Contains(day.Day),
            _ => day => numbers.Contains(day.Day) && InMonths(item)(day),
        };
    }

    private static Func<DateOnly, bool> InMonths(string text)
    {
        var named = Each(Month, text).Select(match => Array.IndexOf(Months, match.Value) + 1).ToList();
        var months = text.StartsWith("de ", StringComparison.Ordinal) ? Round(named[0], named[1], 12) : named;
        return day => months.Contains(day.Month);
    }

    private static Func<DateOnly, bool> In(List<int> years) => day => years.Contains(day.Year);

    private static Func<DateOnly, bool> YearRange(System.Text.RegularExpressions.Match match)
    {
        var (first, last) = (int.Parse(match.Groups["a"].Value), int.Parse(match.Groups["b"].Value));
        var step = match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value) : 1;
        return day => day.Year >= first && day.Year <= last && (day.Year - first) % step == 0;
    }

    private static int Clock(string text) =>
        Each(@"\d+", text)
            .Select(match => int.Parse(match.Value))
            .Concat([0, 0])
            .Take(3)
            .Aggregate(0, (total, part) => (total * 60) + part);

    private static int Unit(string name) =>
        name switch
        {
            "segundo" => 1,
            "minuto" => 60,
            "hora" => 3600,
            _ => 86_400,
        };
}
