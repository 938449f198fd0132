using Pontual.Bench;
using Pontual.Bench.Cases;
using Pontual.Bench.Postgres;

ICase[] cases =
[
    new DrainCase("postgres-drain", onPostgres: true),
    new BacklogCase(),
    new NodesCase(),
    new DrainCase("sqlite-drain", onPostgres: false),
    new EnqueueCase(),
    new PunctualityCase(),
    new LatencyCase(),
    new HttpCase(),
    new RescueCase(),
    new HistoryCase(),
    new RetentionCase(),
    new IdleSchedulesCase(),
    new StartupCase(),
    new CronCase(),
    new StatusCase(),
];
var (postgres, output, word) = (ValueOf("--postgres"), ValueOf("--out"), ValueOf("--size"));
var names = args.Where((arg, at) => !arg.StartsWith("--", StringComparison.Ordinal) && !IsValue(at)).ToList();
var isAll = names is ["all"];
if (!Enum.TryParse(word ?? (isAll ? "short" : "full"), ignoreCase: true, out BenchSize size) || !Enum.IsDefined(size))
{
    Console.Error.WriteLine($"--size {word}: use full, short or smoke.");
    return 2;
}

if (names.Count == 0 || names[0] is "list" || args.Contains("--help"))
{
    Help();
    return names.Count == 0 && !args.Contains("--help") ? 2 : 0;
}

switch (names)
{
    case ["all"]:
        return await new AllRun(
            cases,
            postgres,
            size,
            output ?? Path.Combine(Path.GetTempPath(), $"pontual-bench-{Environment.ProcessId}.jsonl")
        ).RunAsync();
    case ["cron"] when args.Contains("--details"):
        CronDetails.Run();
        return 0;
    case ["node", var connection]:
        await NodesCase.ServeAsync(connection);
        return 0;
    case ["hold", var connection, var kept, var runs, var lease]:
        await RescueCase.HoldAsync(connection, kept, runs, lease);
        return 0;
    case ["idle", var where, var seconds]:
        await IdleSchedulesCase.ServeAsync(where, seconds);
        return 0;
    case ["plot", var measured, var folder]:
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
    var summary = size is BenchSize.Full ? chosen.Summary : $"{chosen.Summary} (size {size.ToString().ToLowerInvariant()})";
    Console.WriteLine($"{chosen.Name}: {summary}");
    Console.WriteLine(Report.Table(figures));
    var json = Report.Json(chosen.Name, summary, figures);
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
        return await chosen.RunAsync(new BenchOptions(null) { Size = size });
    }

    await using var server = await PostgresServer.StartAsync(postgres is null or "own" ? null : postgres);
    await using var place = await server.FreshAsync();
    return await chosen.RunAsync(new BenchOptions(place.Connection) { Server = server, Size = size });
}

void Help()
{
    Console.WriteLine("Usage: ./bench NAME … [--postgres CONNECTION|own] [--size full|short|smoke] [--json]");
    Console.WriteLine("       ./bench NAME … --out FILE            adds the figures to a file, a JSON object a line");
    Console.WriteLine("       ./bench all --postgres own --out FILE  runs every one, in short form, and prints one table");
    Console.WriteLine("       ./bench plot FILE FOLDER             draws them, an SVG a benchmark");
    Console.WriteLine("       ./bench cron --details");
    foreach (var known in cases)
    {
        Console.WriteLine();
        Console.WriteLine($"  {known.Name, -16} {known.Summary}");
        foreach (var aim in known.Aims)
        {
            Console.WriteLine($"  {"", -16}   aim: {aim}");
        }
    }
}

bool IsValue(int at) => at > 0 && args[at - 1] is ("--postgres" or "--out" or "--size");

string? ValueOf(string option) => Array.IndexOf(args, option) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;
