using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Doctor;

/// <summary>Looks at a server from outside: its port, whether it serves, who plans and runs, and how its jobs are.</summary>
internal sealed class ServerExam(ApiClient api)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether something listens there.</summary>
    public async Task<Symptom> PortAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, late.Token);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(api.Server.Host, api.Server.Port, either.Token);
            return Symptom.Ok("port", $"{api.Server.Authority} is open, in {Milliseconds(began)} ms");
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return Symptom.Fail(
                "port",
                $"{api.Server.Authority} does not answer: {(refused is SocketException ? refused.Message : $"nothing within {Patience.TotalSeconds:0} s")}",
                "Start the server, and let firewall and proxy through to that port."
            );
        }
    }

    /// <summary>Whether it serves, and how its database is.</summary>
    public async Task<Symptom> ReadyAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var (status, ready) = await api.ProbeAsync("health/ready", cancellation);
        var (_, health) = await api.ProbeAsync("health", cancellation);
        var on = health.Member("database") is { } database ? $", on {database.Text("version")}" : "";
        return status is HttpStatusCode.OK
            ? Symptom.Ok("server", $"version {health.Text("version")} answers in {Milliseconds(began)} ms{on}")
            : Symptom.Fail("server", $"it cannot serve: {ready.Text("reason")}", "Look at its log, and at its database.");
    }

    /// <summary>Whether somebody plans and somebody runs.</summary>
    public async Task<IReadOnlyList<Symptom>> NodesAsync(CancellationToken cancellation)
    {
        var nodes = (await api.GetAsync("api/v1/nodes", cancellation)).Items().ToList();
        return [OfRole(nodes, "scheduler"), OfRole(nodes, "worker"), Clock(nodes)];
    }

    /// <summary>Whether each job runs inside its SLA.</summary>
    public async Task<Symptom> JobsAsync(CancellationToken cancellation)
    {
        var (_, health) = await api.ProbeAsync("health/jobs", cancellation);
        if (health.Member("jobs") is not { ValueKind: JsonValueKind.Object } jobs)
        {
            return Symptom.Skip("jobs", $"the server does not tell: {health.Text("detail") ?? health.Text("title")}");
        }

        var all = jobs.EnumerateObject().ToList();
        var bad = all.Where(job => job.Value.Text("status") is "stale" or "failing").ToList();
        if (bad.Count == 0)
        {
            var late = all.Count(job => job.Value.Text("status") is "late");
            return Symptom.Ok("jobs", $"{all.Count} run inside their SLA{(late > 0 ? $", {late} a little late" : "")}");
        }

        var critical = bad.Exists(job => job.Value.Flag("critical"));
        return new Symptom(
            "jobs",
            critical ? Health.Fail : Health.Warn,
            $"{bad.Count} of {all.Count}: {string.Join(", ", bad.Take(10).Select(job => $"{job.Name} {job.Value.Text("status")}"))}",
            $"Ask why: pontual job why {bad[0].Name}"
        );
    }

    /// <summary>Whether the jobs that something else runs have reported.</summary>
    public async Task<Symptom> ChecksAsync(CancellationToken cancellation)
    {
        var checks = (await Commands.Pages.ReadAllAsync(api, "api/v1/checks?limit=500", cancellation)).Items().ToList();
        var bad = checks.Where(check => check.Text("state") is "down" or "failing").ToList();
        return checks.Count == 0 ? Symptom.Skip("checks", "none are defined")
            : bad.Count == 0 ? Symptom.Ok("checks", $"none of {checks.Count} is down or failing")
            : Symptom.Warn(
                "checks",
                $"{bad.Count} of {checks.Count}: {string.Join(", ", bad.Take(10).Select(check => $"{check.Text("name")} {check.Text("state")}"))}",
                $"Look at the last reports: pontual check show {bad[0].Text("name")}"
            );
    }

    /// <summary>How far this machine's clock is off the server's.</summary>
    public async Task<Symptom> TimeAsync(CancellationToken cancellation)
    {
        var before = TimeProvider.System.GetUtcNow();
        using var answer = await api.OpenAsync("health/live", cancellation);
        var after = TimeProvider.System.GetUtcNow();
        if (answer.Headers.Date is not { } told)
        {
            return Symptom.Skip("clock", "the server's answer has no date (a proxy took it away)");
        }

        // The header is cut to the second, and is made once a second: it may be two seconds old.
        var ahead = before - told > TimeSpan.FromSeconds(2) ? before - told - TimeSpan.FromSeconds(2) : TimeSpan.Zero;
        var off = told > after ? told - after : ahead;
        return off < TimeSpan.FromSeconds(1)
            ? Symptom.Ok("clock", "this machine's and the server's agree to the second or two")
            : Symptom.Warn(
                "clock",
                string.Create(CultureInfo.InvariantCulture, $"this machine's and the server's differ by {off.TotalSeconds:0.#} s or more"),
                "Let both be set by NTP (timedatectl set-ntp true)."
            );
    }

    private static Symptom OfRole(List<JsonElement> nodes, string role)
    {
        var alive = nodes
            .Where(node => node.Text("state") is "alive" or "draining" && node.Items("roles").Any(known => known.GetString() == role))
            .ToList();
        if (alive.Count > 0)
        {
            var seen = alive.Max(node => node.Instant("seen_at")) is { } at ? $", last seen {Words.Time(at)}" : "";
            return Symptom.Ok(role, $"{alive.Count} alive: {string.Join(", ", alive.Take(5).Select(node => node.Text("id")))}{seen}");
        }

        var last = nodes
            .Where(node => node.Items("roles").Any(known => known.GetString() == role))
            .Max(node => node.Instant("seen_at") ?? node.Instant("lease_until"));
        var since = last is { } gone ? $"; the last was seen {Words.Time(gone)}" : "; none was seen within a day";
        return role == "worker"
            ? Symptom.Warn(
                role,
                $"no node has the role worker{since}",
                "Programs and handlers run on workers only: start one with --role worker."
            )
            : Symptom.Fail(
                role,
                $"no node has the role {role}{since}",
                "Nothing is planned: start one with 'pontual serve' or --role scheduler."
            );
    }

    private static Symptom Clock(List<JsonElement> nodes)
    {
        var off = nodes
            .Where(node => node.Text("state") is "alive" or "draining" && Math.Abs(node.Number("clock_offset_ms") ?? 0) > 1_000)
            .Select(node => $"{node.Text("id")} by {Words.Span(Math.Abs(node.Number("clock_offset_ms")!.Value))}")
            .ToList();
        return off.Count == 0
            ? Symptom.Ok("clocks of nodes", "none is more than a second off the database's")
            : Symptom.Warn("clocks of nodes", $"off the database's: {string.Join(", ", off)}", "Let those machines be set by NTP.");
    }

    private static long Milliseconds(long began) => (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
}
