using System.Globalization;
using Pontual.Scheduling.Schedules;

namespace Pontual.Scheduling.Texts;

/// <summary>Portuguese as it is written in Brazil.</summary>
internal sealed class Portuguese : Language
{
    private const int Saturday = 6; // It and Sunday are masculine, and without "-feira".

    private static readonly string[] Days = ["", "segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"];

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

    public override string WhenAsked => "somente quando solicitado";

    public override string WhenTheSystemStarts => "quando o sistema inicia";

    public override string OnlyIf => "somente se for";

    public override string OnOddDays => "nos dias ímpares do mês";

    public override string OnEvenDays => "nos dias pares do mês";

    public override string OnLastWeekday => "no último dia útil do mês";

    public override string ShiftedToNextBusinessDay => "passando para o próximo dia útil se necessário";

    public override string ShiftedToPreviousBusinessDay => "passando para o dia útil anterior se necessário";

    public override string InItsOwnCalendar => "em calendário próprio";

    public override string Only => "somente";

    public override string Except => "exceto";

    public override string Now => "agora";

    public override string Times(IReadOnlyList<int> times) => List([.. times.Select(At)], And);

    public override string Every(int count, TimeUnit unit) => count == 1 ? $"a cada {Name(unit)}" : $"a cada {Count(count, unit)}";

    public override string At(IReadOnlyList<int> values, TimeUnit unit) => $"{(values.Count == 1 ? "no" : "nos")} {Numbers(values, unit)}";

    public override string During(IReadOnlyList<int> values, TimeUnit unit) =>
        unit == TimeUnit.Hour
            ? $"durante {(values.Count == 1 ? "a" : "as")} {Numbers(values, unit)}"
            : $"durante {(values.Count == 1 ? "o" : "os")} {Numbers(values, unit)} da hora";

    public override string Between(int first, int last) => $"{(IsOneOClock(first) ? "da" : "das")} {Written(first)} {At(last)}";

    public override string OnWeekdays(IReadOnlyList<int> days)
    {
        string[] words =
        [
            .. days.Where(IsFeminine).Any() ? [$"toda {Names(days.Where(IsFeminine), And)}"] : Array.Empty<string>(),
            .. days.Where(IsMasculine).Any() ? [$"todo {Names(days.Where(IsMasculine), And)}"] : Array.Empty<string>(),
        ];
        return List(words, And);
    }

    public override string WeekdayRange(int first, int last) => $"de {Days[first]} a {Whole(last)}";

    public override string WeekdayNames(IReadOnlyList<int> days) => Names(days, Or);

    public override string EveryDayExcept(int day) => $"todos os dias exceto {Whole(day)}";

    public override string Nth(int day, IReadOnlyList<int> nths) =>
        $"{List([.. nths.Select(nth => $"{(IsMasculine(day) ? "o" : "a")} {Ordinal(nth, day)}")], And)} {Whole(day)} do mês";

    public override string OnNth(int day, IReadOnlyList<int> nths) =>
        $"{List([.. nths.Select(nth => $"{(IsMasculine(day) ? "no" : "na")} {Ordinal(nth, day)}")], And)} {Whole(day)} do mês";

    public override string OnDates(IReadOnlyList<int> days) =>
        $"{(days.Count == 1 ? "no dia" : "nos dias")} {Ranges(days, DayOfMonth)} do mês";

    public override string OnDatesOf(int month, IReadOnlyList<int> days) =>
        $"em {List([.. days.Select(DayOfMonth)], And)} de {Months[month - 1]}";

    public override string BeforeMonthEnd(int days) =>
        days switch
        {
            0 => "no último dia do mês",
            1 => "no penúltimo dia do mês",
            2 => "no antepenúltimo dia do mês",
            _ => $"{days} dias antes do último dia do mês",
        };

    public override string NearestWeekday(int day) => $"no dia útil mais próximo do dia {DayOfMonth(day)} do mês";

    public override string InMonths(IReadOnlyList<int> months) => $"em {List([.. months.Select(month => Months[month - 1])], And)}";

    public override string MonthRange(int first, int last) => $"de {Months[first - 1]} a {Months[last - 1]}";

    public override string InYears(IReadOnlyList<int> years) => $"em {List([.. years.Select(year => $"{year}")], And)}";

    public override string YearRange(int step, int first, int last) => $"{(step == 1 ? "" : $"a cada {step} anos ")}de {first} a {last}";

    public override string EveryPeriod(TimeSpan period) =>
        $"a cada {(Length(period) is ['1', ' ', .. var unit] && !unit.Contains(' ') ? unit : Length(period))}";

    public override string AfterTheEnd(TimeSpan delay) => $"{Length(delay)} depois do fim da execução anterior";

    public override string AfterTheStart(TimeSpan delay) => $"{Length(delay)} depois do início da execução anterior";

    public override string CountedFrom(DateTime local) => $"a contar de {Moment(local)}";

    public override string Once(DateTime local) => $"uma vez, em {Moment(local)}";

    public override string Starting(DateTime local) => $"a partir de {(TimeOf(local) == 0 ? Date(local) : Moment(local))}";

    public override string Until(DateTime local) => $"até {(TimeOf(local) == 86_399 ? Date(local) : Moment(local))}";

    public override string Spread(TimeSpan most) => $"com atraso variável de até {Length(most)}";

    public override string In(IReadOnlyList<string> calendars, string word) =>
        $"{(calendars.Count == 1 ? "no calendário" : "nos calendários")} {List([.. calendars.Select(Quoted)], word)}";

    public override string OnBuiltIn(string name, string? state) =>
        name switch
        {
            "weekends" => "nos fins de semana",
            "weekdays" => "em dias de semana",
            _ when state is null => "nos feriados nacionais do Brasil",
            _ => $"nos feriados do Brasil ({state})",
        };

    public override string Of(GapRule rule) =>
        rule switch
        {
            GapRule.RunAtEnd => "horários que o relógio pula são executados logo após a mudança",
            GapRule.RunShifted => "horários que o relógio pula são executados com o mesmo atraso",
            _ => "horários que o relógio pula não são executados",
        };

    public override string Of(OverlapRule rule) =>
        rule switch
        {
            OverlapRule.First => "horários que se repetem são executados na primeira vez",
            OverlapRule.Second => "horários que se repetem são executados na segunda vez",
            _ => "horários que se repetem são executados nas duas vezes",
        };

    public override string In(int count, TimeUnit unit) => $"em {Count(count, unit)}";

    public override string Ago(int count, TimeUnit unit) => $"há {Count(count, unit)}";

    public override string Near(int days) =>
        days switch
        {
            < 0 => "ontem",
            0 => "hoje",
            _ => "amanhã",
        };

    public override string Near(int weekday, bool isPast) =>
        isPast ? $"{Whole(weekday)} {(IsMasculine(weekday) ? "passado" : "passada")}" : Whole(weekday);

    public override string OnDate(DateTime local, bool withYear) =>
        withYear ? $"em {Date(local)}" : $"em {DayOfMonth(local.Day)} de {Months[local.Month - 1]}";

    protected override string Count(double count, TimeUnit unit) =>
        $"{count.ToString("0.###", CultureInfo.InvariantCulture).Replace('.', ',')} {Name(unit)}{(count < 2 ? "" : "s")}";

    protected override string To(string first, string last) => $"{first} a {last}";

    private string Numbers(IReadOnlyList<int> values, TimeUnit unit) =>
        $"{Name(unit)}{(values.Count == 1 ? "" : "s")} {Ranges(values, value => $"{value}")}";

    // "segunda, quarta e sexta-feira": the last one's ending stands for all, unless one without that ending is among them.
    private static string Names(IEnumerable<int> days, string word)
    {
        var all = days.ToList();
        var isMixed = all.Any(IsMasculine) && all.Any(IsFeminine);
        return List([.. all.Select((day, index) => isMixed || index == all.Count - 1 ? Whole(day) : Days[day])], word);
    }

    private static string At(int time) => $"{(IsOneOClock(time) ? "à" : "às")} {Written(time)}";

    private static string Written(int time) =>
        Clock(time) switch
        {
            (var hour, 0, 0) => $"{hour}h",
            (var hour, var minute, 0) => $"{hour}h{minute:00}",
            var (hour, minute, second) => $"{hour}h{minute:00}min{second:00}s",
        };

    private static bool IsOneOClock(int time) => Clock(time).Hour == 1;

    private static bool IsMasculine(int day) => day >= Saturday;

    private static bool IsFeminine(int day) => day < Saturday;

    private static string Whole(int day) => IsMasculine(day) ? Days[day] : $"{Days[day]}-feira";

    private static string Ordinal(int nth, int day) => $"{Ordinals[nth]}{(IsMasculine(day) ? "o" : "a")}";

    private static string DayOfMonth(int day) => day == 1 ? "1º" : $"{day}";

    private static string Date(DateTime local) => $"{DayOfMonth(local.Day)} de {Months[local.Month - 1]} de {local.Year}";

    private static string Moment(DateTime local) => $"{Date(local)} {At(TimeOf(local))}";

    private static string Quoted(string calendar) => $"\"{calendar}\"";

    private static string Name(TimeUnit unit) =>
        unit switch
        {
            TimeUnit.Second => "segundo",
            TimeUnit.Minute => "minuto",
            TimeUnit.Hour => "hora",
            _ => "dia",
        };
}
