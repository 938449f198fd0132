using System.Globalization;
using System.Text;
using Pontual.EndToEnd.Tests.Running;

namespace Pontual.EndToEnd.Tests.Alerts;

/// <summary>Faults, when they were made and mended, and when their alerts and recoveries came.</summary>
internal sealed class FaultTable(AlertSink sink)
{
    private readonly List<Row> _rows = [];

    /// <summary>What is wrong with the table: an alert that did not come, came late, or came twice.</summary>
    public IReadOnlyList<string> Faults =>
        [
            .. _rows.Where(row => row.Alert > row.Bound).Select(row => $"{row.Fault}: the alert took {row.Alert}, more than {row.Bound}"),
            .. _rows.Where(row => row.Opened != 1).Select(row => $"{row.Fault}: {row.Opened} alerts came"),
            .. _rows.Where(row => row.Resolved != 1).Select(row => $"{row.Fault}: {row.Resolved} recoveries came"),
        ];

    /// <summary>Makes a fault, waits for its alert, mends it, and waits for the recovery.</summary>
    /// <param name="fault">What it is.</param>
    /// <param name="rule">The rule that finds it.</param>
    /// <param name="route">The route that must be told.</param>
    /// <param name="bound">How long the alert may take.</param>
    /// <param name="make">Makes it; its result is when it counted from, null for when this was called.</param>
    /// <param name="mend">Mends it.</param>
    public async Task AddAsync(string fault, string rule, string route, TimeSpan bound, Func<Task<DateTimeOffset?>> make, Func<Task> mend)
    {
        var called = TimeProvider.System.GetUtcNow();
        var from = await make() ?? called;
        var alert = await HeardAsync(fault, "opened", told => told.Rule == rule && told.Route == route, called);
        var mended = TimeProvider.System.GetUtcNow();
        await mend();
        await HeardAsync(fault, "resolved", told => told.Rule == rule && told.Route == route && told.Subject == alert.Subject, called);
        var resolvedAt = Of(rule, alert.Subject, route, called).First(told => told.Kind == "resolved").At;
        _rows.Add(new Row(fault, rule, alert.Subject, route, called, bound, alert.At - from, resolvedAt - mended) { Sink = sink });
    }

    /// <summary>The table, a line for each fault.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{"fault", -26}{"rule", -18}{"alert after", -13}{"bound", -9}{"times", -7}{"recovery after", -16}times"
        );
        foreach (var row in _rows)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{row.Fault, -26}{row.Rule, -18}{$"{row.Alert.TotalSeconds:0.0} s", -13}{$"{row.Bound.TotalSeconds:0} s", -9}{row.Opened, -7}{$"{row.Recovery.TotalSeconds:0.0} s", -16}{row.Resolved}"
            );
        }

        return text.ToString();
    }

    private async Task<Told> HeardAsync(string fault, string kind, Func<Told, bool> isIt, DateTimeOffset since) =>
        await Wait.ForAsync(
            $"'{kind}' of the fault '{fault}'",
            TimeSpan.FromSeconds(180),
            () => Task.FromResult(sink.All.FirstOrDefault(told => told.At >= since && told.Taken && told.Kind == kind && isIt(told))),
            () => string.Join('\n', sink.All.Select(told => told.ToString()))
        );

    private IEnumerable<Told> Of(string rule, string subject, string route, DateTimeOffset since) =>
        sink.All.Where(told => told.Taken && told.Rule == rule && told.Subject == subject && told.Route == route && told.At >= since);

    private sealed record Row(
        string Fault,
        string Rule,
        string Subject,
        string Route,
        DateTimeOffset Since,
        TimeSpan Bound,
        TimeSpan Alert,
        TimeSpan Recovery
    )
    {
        public required AlertSink Sink { get; init; }

        public int Opened => Count("opened");

        public int Resolved => Count("resolved");

        // By id: what is delivered again is the same notice.
        private int Count(string kind) =>
            Sink
                .All.Where(told =>
                    told.Taken
                    && told.Kind == kind
                    && told.Rule == Rule
                    && told.Subject == Subject
                    && told.Route == Route
                    && told.At >= Since
                )
                .DistinctBy(told => told.Id)
                .Count();
    }
}
