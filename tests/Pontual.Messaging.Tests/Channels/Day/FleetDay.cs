using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Registry;
using Pontual.Server.Demo.Gateways;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>A day of a fleet of channels: people write and are answered, things go wrong by plan, checks look, persons do what they are asked for after ten minutes.
/// All that checks say is held against what is true.</summary>
internal sealed class FleetDay(FleetRig rig, int minutes, TimeSpan period, int seed)
{
    private const int PeersEach = 6;
    private const int LongestEpilogue = 6 * 60;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PersonTakes = TimeSpan.FromMinutes(10);

    private static readonly (GatewayKind Kind, int Count)[] Fleet =
    [
        (GatewayKind.Evolution, 14),
        (GatewayKind.Waha, 14),
        (GatewayKind.WppConnect, 9),
        (GatewayKind.Wrapper, 7),
        (GatewayKind.CloudApi, 6),
    ];

    private readonly Random _random = new(seed);
    private readonly Dictionary<GatewayKind, GatewayDefinition> _gateways = [];
    private readonly List<SimulatedSession> _sessions = [];
    private readonly List<Trouble> _open = [];
    private readonly Dictionary<string, DateTimeOffset> _inbound = [];
    private readonly Dictionary<SimulatedSession, DateTimeOffset> _closed = [];
    private readonly HashSet<SimulatedSession> _waiting = [];
    private readonly Nights _nights = new(rig);
    private DateTimeOffset _checkedAt;
    private int _written;

    /// <summary>All that went wrong.</summary>
    public List<Trouble> Troubles { get; } = [];

    /// <summary>Channels that were judged not to work while they did.</summary>
    public List<string> FalseAlarms { get; } = [];

    /// <summary>Channels without any trouble that were suspect at night, though it was usual that nobody wrote from their last message on. What a cure in the
    /// middle of the night brings in is not usual: of such an hour nothing is learned.</summary>
    public List<string> NightSuspects { get; } = [];

    /// <summary>All sessions.</summary>
    public IReadOnlyList<SimulatedSession> Sessions => _sessions;

    /// <summary>How many checks there were.</summary>
    public int Checks { get; private set; }

    private DateTimeOffset Now => rig.Time.GetUtcNow();

    /// <summary>What follows upon each other within seconds has to be told one after the other: all that is told at one instant of the clock has no order.</summary>
    private TimeSpan Step => _open.Exists(open => open.Fault.Kind is FaultKind.Conflict) ? TimeSpan.FromSeconds(3) : Minute;

    public async Task RunAsync()
    {
        await ConnectAsync();
        var plan = new DayPlan(_random, _sessions, minutes);
        await CheckAsync();
        await _nights.LearnAsync(Now);
        for (var minute = 0; minute < minutes; minute++)
        {
            foreach (var (session, kind, what) in plan.Due(minute))
            {
                Break(plan, minute, session, kind, what);
            }

            await PassMinuteAsync();
        }

        // Nothing new any more, until all that is still wrong has ended.
        for (var minute = 0; minute < LongestEpilogue && _open.Count > 0; minute++)
        {
            await PassMinuteAsync();
        }
    }

    private async Task PassMinuteAsync()
    {
        _open.Where(IsWorseDue).ToList().ForEach(Worsen);
        _open.Where(IsHelpDue).ToList().ForEach(Help);
        var end = Now + Minute;
        // What happens at the very instant of a check cannot be told from what was before it.
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        await TrafficAsync();
        while (Now < end)
        {
            var next = _checkedAt + period < end ? _checkedAt + period : end;
            await rig.PassAsync(next - Now, Step);
            if (Now - _checkedAt >= period)
            {
                await CheckAsync();
            }
        }
    }

    private async Task ConnectAsync()
    {
        foreach (var (kind, count) in Fleet)
        {
            _gateways[kind] = await rig.ConnectAsync(kind);
            for (var number = 0; number < count; number++)
            {
                var webhook = new SimulatedWebhook(rig.DoorOf(kind)) { Events = kind is GatewayKind.Waha ? ["*"] : [] };
                var id = kind is GatewayKind.CloudApi ? $"10{number:0000}" : $"{kind.Word()}-{number:00}";
                _sessions.Add(rig.Gateways.Add(kind, id, $"55119{(int)kind:0}00{number:00000}", webhook));
            }
        }
    }

    private void Break(DayPlan plan, int minute, SimulatedSession? session, GatewayKind kind, Mischief what)
    {
        if (session is null)
        {
            BreakGateway(plan, minute, kind, what);
            return;
        }

        // Soon after an outage the next one counts as the same.
        if (
            _open.Exists(open => open.Session == session || (open.IsOfGateway && open.Session.Kind == kind))
            || Now - _closed.GetValueOrDefault(session, DateTimeOffset.MinValue) <= LivenessRules.Usual.Relapse
        )
        {
            plan.PutOff(minute + 10, session, kind, what);
            return;
        }

        if (what.With is { } with)
        {
            session.Apply(with);
        }

        session.Apply(what.Fault);
        Add(new Trouble(session, what, Now));
    }

    private void BreakGateway(DayPlan plan, int minute, GatewayKind kind, Mischief what)
    {
        if (_open.Exists(open => open.IsOfGateway && open.Session.Kind == kind))
        {
            plan.PutOff(minute + 10, null, kind, what);
            return;
        }

        rig.Gateways.Apply(kind, what.Fault);
        foreach (var each in _sessions.Where(each => each.Kind == kind))
        {
            if (_open.Find(open => open.Session == each) is { } other)
            {
                other.WasDisturbed = true;
            }
            else
            {
                Add(new Trouble(each, what, Now) { IsOfGateway = true });
            }
        }
    }

    private bool IsWorseDue(Trouble trouble) =>
        !trouble.HasWorsened && trouble.What.Then is not null && trouble.At + trouble.What.ThenAfter <= Now && trouble.GoesOn(Now);

    private static void Worsen(Trouble trouble)
    {
        trouble.HasWorsened = true;
        trouble.Session.Apply(trouble.What.Then!);
    }

    private void Add(Trouble trouble)
    {
        Troubles.Add(trouble);
        _open.Add(trouble);
    }

    /// <summary>By day people write now and then, and most of them get an answer.</summary>
    private async Task TrafficAsync()
    {
        foreach (var session in _sessions.Where(_ => !Nights.Is(Now)))
        {
            if (_random.NextDouble() < 1 / 20d)
            {
                session.Receive(PeerOf(session, _random.Next(PeersEach)), $"text {++_written}");
                Moved(session, isInbound: true);
            }

            if (
                _random.NextDouble() < 1 / 40d
                && session is { Link: Link.Open, Kind: not GatewayKind.Wrapper }
                && !IsGatewayIll(session.Kind)
                && !_open.Exists(open => open.Session == session && open.What.HitsQuestions)
            )
            {
                await SendAsync(session);
            }
        }
    }

    private async Task SendAsync(SimulatedSession session)
    {
        if (session.Messages.LastOrDefault(message => !message.IsOurs) is { } last)
        {
            var messages = rig.Open(_gateways[session.Kind]).Messages;
            await messages.SendAsync(
                new SessionRef(session.Id),
                new OutgoingMessage(last.Peer, $"text {++_written}"),
                CancellationToken.None
            );
            Moved(session, isInbound: false);
        }
    }

    /// <summary>What happens in a session is what its trouble may be found by.</summary>
    private void Moved(SimulatedSession session, bool isInbound)
    {
        var trouble = _open.Find(open => open.Session == session);
        if (trouble is { EvidenceAt: null })
        {
            Evidence.Moved(trouble, isInbound, _checkedAt, Now, period);
        }

        if (isInbound && session is { IsAlive: true, TellsUs: true })
        {
            _inbound[session.Id] = Now;
        }
        else if (isInbound && !session.IsAlive)
        {
            _waiting.Add(session);
        }
    }

    private bool IsGatewayIll(GatewayKind kind) => _open.Exists(open => open.IsOfGateway && open.Session.Kind == kind && open.GoesOn(Now));

    private bool IsHelpDue(Trouble trouble) =>
        trouble.AskedAt + PersonTakes <= Now
        && !trouble.IsOfGateway
        && trouble.Fault.Kind is not (FaultKind.Timelock or FaultKind.Capped)
        && trouble.GoesOn(Now);

    /// <summary>A person does what has to be done: restarts the gateway's process, or pairs it anew.</summary>
    private static void Help(Trouble trouble)
    {
        var session = trouble.Session;
        trouble.WasHelped = true;
        session.End(trouble.Fault.Kind);
        if (session is { IsPaired: false, Link: Link.Pairing })
        {
            session.Scan();
        }
        else if (session.Link is Link.Closed or Link.Refused or Link.Stopped)
        {
            session.Connect();
        }
        else if (session is { IsPaired: true, Link: Link.Open, IsAlive: false })
        {
            session.Restart();
        }
    }

    private async Task CheckAsync()
    {
        await rig.SettleAsync();
        // What a check cures is over when it ends: what counts is how it was when it began.
        var goOn = _open.Where(open => open.GoesOn(Now)).ToHashSet();
        var check = rig.CheckAsync();
        // Only where answers are slow does time pass while somebody waits for one.
        while (_open.Exists(open => open.Fault.Kind is FaultKind.Slow) && !check.IsCompleted)
        {
            await Task.WhenAny(check, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var report = await check;
        (_checkedAt, Checks) = (Now, Checks + 1);
        var bySession = report.Channels.ToDictionary(finding => finding.Channel, StringComparer.Ordinal);
        foreach (var session in _sessions)
        {
            var finding = bySession[session.Id];
            if (_open.Find(open => open.Session == session) is { } trouble)
            {
                await JudgeAsync(trouble, finding, goOn.Contains(trouble));
            }
            else
            {
                JudgeWell(session, finding);
            }
        }
    }

    /// <summary>A channel without trouble.</summary>
    private void JudgeWell(SimulatedSession session, ChannelFinding finding)
    {
        if (finding.State is not SessionState.Connected && !IsGatewayIll(session.Kind))
        {
            FalseAlarms.Add($"{Now:HH:mm} {finding.Channel} {finding.State}: {finding.Reason}");
        }
        else if (finding.IsSuspect && Nights.Is(Now) && !Nights.Is(_inbound.GetValueOrDefault(session.Id)))
        {
            NightSuspects.Add($"{Now:HH:mm} {finding.Channel}: {finding.Reason}");
        }
    }

    private async Task JudgeAsync(Trouble trouble, ChannelFinding finding, bool goesOn)
    {
        if (goesOn)
        {
            trouble.OverAt = null;
            if (trouble.IsOfGateway || !IsGatewayIll(trouble.Session.Kind))
            {
                Look(trouble, finding);
            }

            return;
        }

        trouble.OverAt ??= Now;
        if (!trouble.IsOfGateway && IsGatewayIll(trouble.Session.Kind))
        {
            // Nothing is known of it: what it is found to be when its gateway is well again is what counts.
            return;
        }

        if (finding.State is SessionState.Connected)
        {
            await CloseAsync(trouble);
        }
        else if (Now - trouble.OverAt > period)
        {
            FalseAlarms.Add($"{Now:HH:mm} {trouble} is over, and {finding.State}: {finding.Reason}");
        }
    }

    private void Look(Trouble trouble, ChannelFinding finding)
    {
        trouble.EvidenceAt ??= Evidence.AtOnce(trouble, period);
        var inbound = _inbound.GetValueOrDefault(trouble.Session.Id, trouble.At);
        // A gateway that could not be asked for once has told nothing of it: that is said, and the next check has to find it.
        var wasAsked = trouble.IsOfGateway || !IsUnasked(finding);
        if (wasAsked && Evidence.IsThere(trouble, inbound, _nights.LearnedOf(inbound), Now))
        {
            trouble.Deadline ??= Now;
        }

        // A dead way is seen at one check and taken for proof at the next.
        trouble.LookedAt ??= trouble.MovedAt is null ? null : Now;
        Take(trouble, finding);
    }

    private async Task CloseAsync(Trouble trouble)
    {
        var view = await rig.FindAsync(trouble.Session.Id);
        var latest = (await rig.Channels.OutagesAsync(view.Channel.Id, 1, CancellationToken.None)) is [var only] ? only : null;
        trouble.Outage = latest is not null && !(latest.EndedAt <= trouble.At) ? latest : null;
        (trouble.Look, trouble.ClosedAt) = (view.Status.LastGap, Now);
        // What waited at the platform came in when it lived again: its silence counts from there.
        if (_waiting.Remove(trouble.Session))
        {
            _inbound[trouble.Session.Id] = trouble.Session.LinkSince > trouble.At ? trouble.Session.LinkSince : Now;
        }

        _closed[trouble.Session] = Now;
        _open.Remove(trouble);
    }

    private void Take(Trouble trouble, ChannelFinding finding)
    {
        // What may pass is told at once, and judged when it goes on.
        if (IsUnasked(finding))
        {
            trouble.WasSaid = true;
            trouble.FoundAt ??= trouble.IsOfGateway ? Now : null;
            trouble.Evidence ??= "no answer";
        }

        // The wrapper has no question for a sign of life: one that is silent for too long is asked for its code, which brings it back.
        var isNudged = trouble.Session.Kind is GatewayKind.Wrapper && finding is { IsSuspect: true, Step: CureStep.Nudge };
        if (finding.State is not SessionState.Connected || isNudged)
        {
            trouble.FoundAt ??= Now;
            trouble.Judged = finding.State;
            trouble.Evidence ??= Evidence.WordOf(finding);
        }

        if (finding.Step is { } step)
        {
            trouble.Steps.Add(step);
        }

        // Once somebody is at it there is a code to scan, and that is asked for too.
        if (finding.Asked is { } asked && !trouble.WasHelped)
        {
            trouble.Asks.Add(asked);
            trouble.AskedAt ??= Now;
        }
    }

    private static bool IsUnasked(ChannelFinding finding) => finding.Note?.Contains("could not be asked", StringComparison.Ordinal) is true;

    private static string PeerOf(SimulatedSession session, int number) => $"55118{(int)session.Kind}{session.Phone[^2..]}0000{number}";
}
