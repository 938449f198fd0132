using Pontual.Bench;
using Pontual.Bench.Cases;
using Pontual.Bench.Postgres;

ICase[] cases =
[
    new DrainCase("sqlite-drain", onPostgres: false),
    new DrainCase("postgres-drain", onPostgres: true),
    new BacklogCase(),
    new HistoryCase(),
    new RetentionCase(),
    new EnqueueCase(),
    new PunctualityCase(),
    new LatencyCase(),
    new HttpCase(),
    new NodesCase(),
    new IdleSchedulesCase(),
    new StartupCase(),
    new CronCase(),
];
var (postgres, output) = (ValueOf("--postgres"), ValueOf("--out"));
var names = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal) && arg != postgres && arg != output).ToList();
if (names.Count == 0 || names[0] is "list" || args.Contains("--help"))
{
    Console.WriteLine("Usage: ./bench NAME … [--postgres CONNECTION|own] [--json]");
    Console.WriteLine("       ./bench NAME … --out FILE            adds the figures to a file, a JSON object a line");
    Console.WriteLine("       ./bench plot FILE FOLDER             draws them, an SVG a benchmark");
    Console.WriteLine("       ./bench cron --details");
    Console.WriteLine();
    foreach (var known in cases)
    {
        Console.WriteLine($"  {known.Name, -16} {known.Summary}");
    }

    return names.Count == 0 && !args.Contains("--help") ? 2 : 0;
}

if (names is ["cron"] && args.Contains("--details"))
{
    CronDetails.Run();
    return 0;
}

if (names is ["node", var connection])
{
    await NodesCase.ServeAsync(connection);
    return 0;
}

if (names is ["idle", var where])
{
    await IdleSchedulesCase.ServeAsync(where);
    return 0;
}

if (names is ["plot", var measured, var folder])
{
    Console.WriteLine(string.Join('\n', Plot.Draw(measured, folder)));
    return 0;
}

foreach (var name in names)
{
    if (cases.FirstOrDefault(known => known.Name == name) is not { } chosen)
    {
        Console.Error.WriteLine($"There is no benchmark '{name}': ./bench list names them.");
        return 2;
    }

    var figures = await MeasureAsync(chosen);
    Console.WriteLine($"{chosen.Name}: {chosen.Summary}");
    Console.WriteLine(Report.Table(figures));
    var json = Report.Json(chosen.Name, chosen.Summary, figures);
    if (args.Contains("--json"))
    {
        Console.WriteLine(json);
    }

    if (output is not null)
    {
        await File.AppendAllTextAsync(output, json + "\n");
    }
}

return 0;

async Task<IReadOnlyList<Figure>> MeasureAsync(ICase chosen)
{
    if (postgres is null && !chosen.NeedsPostgres)
    {
        return await chosen.RunAsync(new BenchOptions(null));
    }

    await using var server = await PostgresServer.StartAsync(postgres is null or "own" ? null : postgres);
    await using var place = await server.FreshAsync();
    return await chosen.RunAsync(new BenchOptions(place.Connection) { Server = server });
}

string? ValueOf(string option) => Array.IndexOf(args, option) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;
