using System.Diagnostics;
using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Server.Demo.Gateways;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary>Ten minutes of a fleet by the real clock: people write, things go wrong by plan, a job checks every half minute, persons do what they are asked for.
/// After each check all that the public API tells is held against what was true when it began.</summary>
internal sealed class TenMinutes(Office office, Simulator simulator, int seed)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PersonTakes = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(seed);
    private readonly List<FleetTrouble> _open = [];
    private readonly Dictionary<string, DateTimeOffset> _writes = [];
    private readonly Dictionary<string, DateTimeOffset> _sends = [];
    private readonly Dictionary<string, DateTimeOffset> _inbound = [];
    private IReadOnlyDictionary<string, Truth> _before = new Dictionary<string, Truth>();
    private DateTimeOffset _first;
    private DateTimeOffset _judged;
    private bool _areGone;
    private int _written;

    public List<FleetTrouble> Troubles { get; } = [];

    /// <summary>Channels that were judged not to work while they did.</summary>
    public List<string> FalseAlarms { get; } = [];

    /// <summary>All outages, as the API tells them in the end.</summary>
    public List<FleetOutage> Outages { get; } = [];

    /// <summary>How many checks were judged.</summary>
    public int Checks { get; private set; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private double Elapsed => (Now - _first).TotalSeconds;

    public async Task RunAsync()
    {
        await simulator.StartAsync();
        await office.StartAsync();
        await AddAllAsync();
        var plan = FleetPlan.Make(_random);
        _first = NextCheck(Now + TimeSpan.FromSeconds(5));
        List<(double At, Func<Task> DoAsync)> acts =
        [
            (FleetPlan.ServerKilled, KillServerAsync),
            (FleetPlan.GatewaysKilled, KillGatewaysAsync),
            (FleetPlan.GatewaysBack, ReturnGatewaysAsync),
        ];
        while (Elapsed < FleetPlan.End)
        {
            var tick = Stopwatch.GetTimestamp();
            foreach (var planned in plan.Where(one => one.At <= Elapsed).ToList())
            {
                plan.Remove(planned);
                await BreakAsync(planned);
            }

            foreach (var act in acts.Where(one => one.At <= Elapsed).ToList())
            {
                acts.Remove(act);
                await act.DoAsync();
            }

            await LookAsync();
            await TrafficAsync();
            await HelpAsync();
            await JudgeAsync();
            var left = Tick - Stopwatch.GetElapsedTime(tick);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
        }

        await simulator.ReadCommandsAsync();
        await GatherAttemptsAsync();
    }

    private static DateTimeOffset NextCheck(DateTimeOffset after) =>
        new(after.UtcTicks + Office.Period.Ticks - (after.UtcTicks % Office.Period.Ticks), TimeSpan.Zero);

    private async Task AddAllAsync()
    {
        foreach (var kind in FleetPlan.Fleet.GroupBy(session => session.Kind))
        {
            var door = await office.DoorOfAsync(kind.Key);
            foreach (var session in kind)
            {
                await simulator.AddAsync(session, door);
            }
        }
    }

    private async Task BreakAsync(Planned planned)
    {
        await simulator.ApplyAsync(planned.Kind, planned.Session?.Id, planned.Fault);
        if (planned.Session is { } one)
        {
            Add(one, planned.Fault);
        }
        else if (planned.Fault.Kind is not FaultKind.GatewayRestart)
        {
            AddAll(FleetPlan.Fleet.Where(session => session.Kind == planned.Kind), planned.Fault);
        }
    }

    private void AddAll(IEnumerable<FleetSession> sessions, Fault fault)
    {
        foreach (var session in sessions.Where(session => !_open.Exists(open => open.Session == session)).ToList())
        {
            Add(session, fault);
        }
    }

    private void Add(FleetSession session, Fault fault)
    {
        var trouble = new FleetTrouble(session, fault, Now);
        Troubles.Add(trouble);
        _open.Add(trouble);
    }

    /// <summary>A check of fifty sessions takes a tenth of a second.</summary>
    private async Task KillServerAsync()
    {
        await LookAsync();
        await Task.Delay(NextCheck(Now) + TimeSpan.FromMilliseconds(40) - Now, TimeProvider.System);
        await office.KillAndRestartAsync();
    }

    /// <summary>All that the gateways knew is gone with their process, and all that was wrong with it.</summary>
    private async Task KillGatewaysAsync()
    {
        await simulator.KillAsync();
        _areGone = true;
        _open.ForEach(trouble => trouble.OverAt = Now);
        _open.Clear();
        AddAll(FleetPlan.Fleet, new Fault(FaultKind.GatewayDown));
    }

    private async Task ReturnGatewaysAsync()
    {
        await simulator.StartAsync();
        await AddAllAsync();
        _areGone = false;
    }

    /// <summary>What is true at the instant of a check is looked at just before it.</summary>
    private async Task LookAsync()
    {
        if (!_areGone && NextCheck(Now) - Now < Margin)
        {
            _before = await simulator.TruthAsync();
        }
    }

    private async Task TrafficAsync()
    {
        if (_areGone)
        {
            return;
        }

        foreach (var session in FleetPlan.Fleet)
        {
            if (IsDue(_writes, session, least: 8, most: 14))
            {
                await simulator.WriteAsync(session, $"text {++_written}");
                Moved(session, isInbound: true);
            }

            if (
                session.Kind is GatewayKind.Evolution or GatewayKind.Waha
                && IsDue(_sends, session, least: 15, most: 30)
                && !IsGatewayIll(session.Kind, Now)
            )
            {
                if (await simulator.SendAsync(session, $"text {++_written}"))
                {
                    Moved(session, isInbound: false);
                }
            }
        }
    }

    private bool IsDue(Dictionary<string, DateTimeOffset> next, FleetSession session, int least, int most)
    {
        var isDue = !next.TryGetValue(session.Key, out var at) || at <= Now;
        if (isDue)
        {
            next[session.Key] = Now.AddSeconds(_random.Next(next.ContainsKey(session.Key) ? least : 0, most));
        }

        return isDue && at != default;
    }

    /// <summary>What happens in a session is what its trouble may be found by.</summary>
    private void Moved(FleetSession session, bool isInbound)
    {
        var trouble = _open.Find(open => open.Session == session);
        if (isInbound && trouble is null)
        {
            _inbound[session.Key] = Now;
        }

        if (trouble is { EvidenceAt: null } && session.Kind is GatewayKind.Evolution or GatewayKind.Waha)
        {
            trouble!.EvidenceAt = trouble.Fault.Kind switch
            {
                FaultKind.Zombie when !isInbound => Now + TimeSpan.FromSeconds(60),
                // Others were told since the last check, so that the next one cannot know; the one after it sees it, and then it is proof.
                FaultKind.Deaf when isInbound => NextCheck(NextCheck(Now)) + TimeSpan.FromSeconds(20),
                _ => null,
            };
        }
    }

    private async Task HelpAsync()
    {
        // Not while a check may be at it.
        if (_areGone || (Now - NextCheck(Now - Office.Period)).TotalSeconds is < 6 or > 26)
        {
            return;
        }

        foreach (var trouble in _open.Where(IsHelpDue))
        {
            trouble.WasHelped = true;
            await simulator.HelpAsync(trouble.Session, trouble.Fault.Kind);
        }
    }

    private bool IsGatewayIll(GatewayKind kind, DateTimeOffset now) =>
        _areGone
        || _open.Exists(open =>
            open is { IsOfGateway: true, IsOfProcess: false } && open.Session.Kind == kind && open.GoesOn(default, now)
        );

    private bool IsHelpDue(FleetTrouble trouble) =>
        trouble.AskedAt + PersonTakes <= Now
        && !trouble.WasHelped
        && !trouble.IsOfGateway
        && trouble.Fault.Kind is not (FaultKind.Timelock or FaultKind.Capped);

    private async Task JudgeAsync()
    {
        var (_, began, goesOn) = await office.CheckAsync();
        if (goesOn || began is not { } start || start <= _judged || start < _first - Margin)
        {
            return;
        }

        var channels = await office.ChannelsAsync();
        (_judged, Checks) = (start, Checks + 1);
        foreach (var session in FleetPlan.Fleet)
        {
            Judge(session, channels[session.Key], start);
        }

        _open.RemoveAll(trouble => trouble.OverAt is not null);
    }

    private void Judge(FleetSession session, JsonElement channel, DateTimeOffset start)
    {
        var (state, reason) = (channel.GetProperty("state").GetString()!, channel.GetProperty("reason").GetString());
        var trouble = _open.Find(open => open.Session == session && open.At < start);
        if (trouble is null)
        {
            if (state != "connected" && !_open.Exists(open => open.Session == session))
            {
                FalseAlarms.Add($"{start:HH:mm:ss} {session.Id} {state}: {reason}");
            }

            return;
        }

        var isGatewayIll = IsGatewayIll(session.Kind, start);
        var goesOn = trouble.IsOfProcess ? _areGone : trouble.GoesOn(trouble.IsOfGateway ? default : _before[session.Key], start);
        if (goesOn && (trouble.IsOfGateway || !isGatewayIll))
        {
            trouble.EvidenceAt ??= Shows(trouble);
            if (IsThere(trouble, start))
            {
                trouble.Deadline ??= start;
            }

            Take(trouble, channel, state, start);
        }

        trouble.History.Add($"{start:HH:mm:ss} {(goesOn ? "" : "over; ")}{state}: {reason}");
        trouble.OverAt = goesOn || isGatewayIll && !trouble.IsOfGateway ? null : start;
    }

    /// <summary>What shows at once has its evidence at once; what says connected and is not, has it later.</summary>
    private static DateTimeOffset? Shows(FleetTrouble trouble) =>
        trouble.Fault.Kind switch
        {
            FaultKind.Deaf or FaultKind.Zombie => null,
            // Two changes in thirteen seconds, and twenty are a loop.
            FaultKind.Conflict when trouble.Session.Kind is GatewayKind.Evolution => trouble.At + TimeSpan.FromSeconds(140),
            _ => trouble.At,
        };

    /// <summary>Whether it has to be found by now: also when nothing has come in for too long, and a sign of life was asked for since. The wrapper has none.</summary>
    private bool IsThere(FleetTrouble trouble, DateTimeOffset now) =>
        trouble.EvidenceAt <= now
        || (
            trouble.Fault.Kind is FaultKind.Zombie
            && _inbound.TryGetValue(trouble.Session.Key, out var inbound)
            && inbound + TimeSpan.FromSeconds(trouble.Session.Kind is GatewayKind.Wrapper ? 180 : 120) <= now
        );

    private static void Take(FleetTrouble trouble, JsonElement channel, string state, DateTimeOffset start)
    {
        // The wrapper has no question for a sign of life: one that is silent for too long is suspect, and asked for its code, which brings it back.
        var isSuspect =
            trouble is { Session.Kind: GatewayKind.Wrapper, Fault.Kind: FaultKind.Zombie }
            && channel.GetProperty("suspect_since").ValueKind is JsonValueKind.String;
        // What may pass is told at once, and judged when it goes on.
        var isUnasked =
            trouble.IsOfGateway && channel.GetProperty("evidence").GetProperty("unasked_since").ValueKind is JsonValueKind.String;
        if (state != "connected" || isSuspect || isUnasked)
        {
            trouble.FoundAt ??= start;
            trouble.Judged =
                state != "connected" ? state
                : isSuspect ? "suspect"
                : "not-asked";
        }

        if (
            channel.GetProperty("outage") is { ValueKind: JsonValueKind.Object } outage
            && outage.GetProperty("asked").GetString() is { } asked
            && !trouble.WasHelped
        )
        {
            trouble.Asks.Add(Enum.GetValues<AskFor>().First(one => Word(one) == asked));
            trouble.AskedAt ??= Now;
        }
    }

    /// <summary>What was tried while a trouble went on.</summary>
    private async Task GatherAttemptsAsync()
    {
        var channels = await office.ChannelsAsync();
        foreach (var session in FleetPlan.Fleet)
        {
            foreach (var (outage, attempts) in await office.OutagesAsync(channels[session.Key].GetProperty("name").GetString()!))
            {
                Outages.Add(FleetOutage.Of(session, outage, attempts.Count));
                foreach (var attempt in attempts)
                {
                    var at = attempt.GetProperty("at").GetDateTimeOffset();
                    var trouble = Troubles.FindLast(one => one.Session == session && one.At < at);
                    trouble?.Steps.Add(Enum.GetValues<CureStep>().First(one => Word(one) == attempt.GetProperty("step").GetString()));
                }
            }
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
