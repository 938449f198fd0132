namespace Pontual.Server.Demo.Gateways;

/// <content>What goes wrong with a session.</content>
public sealed partial class SimulatedSession
{
    private static readonly TimeSpan UsualDrop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseOf24 = TimeSpan.FromSeconds(3);

    /// <summary>Lets something go wrong with it.</summary>
    public void Apply(Fault fault)
    {
        lock (_world.Gate)
        {
            _world.Agenda.CatchUp();
            if (fault is { Kind: FaultKind.Drop, Recovery: Recovery.Itself, For: null })
            {
                fault = fault with { For = UsualDrop };
            }

            _faults.Put(fault);
            if (fault.For is { } span)
            {
                _world.Agenda.In(span, () => Over(fault.Kind));
            }

            Happen(fault);
        }
    }

    /// <summary>Ends a fault; what it did to the connection may need a cure all the same.</summary>
    public void End(FaultKind kind)
    {
        lock (_world.Gate)
        {
            _world.Agenda.CatchUp();
            _faults.Remove(kind);
            Over(kind);
        }
    }

    /// <summary>A person does what has to be done: ends what is wrong, and pairs it with the phone or restarts the process that has it. The gateway notes no
    /// command of it.</summary>
    public void Help(FaultKind kind)
    {
        lock (_world.Gate)
        {
            End(kind);
            if (!IsPaired && Link is Link.Pairing)
            {
                Scan();
            }
            else if (Link is Link.Closed or Link.Refused or Link.Stopped)
            {
                Connect();
            }
            else if (IsPaired && Link is Link.Open && !IsAlive)
            {
                Restart();
            }
        }
    }

    /// <summary>The whole gateway comes back from a restart: all connections begin anew.</summary>
    internal void ComeBack()
    {
        _faults.Cure(Recovery.Process);
        if (Link is not (Link.Stopped or Link.Closed or Link.Refused))
        {
            Begin(200);
        }
    }

    private void Happen(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Drop:
                Drop(fault.Recovery);
                break;
            case FaultKind.WebhookStolen:
                Webhook = (Webhook ?? new SimulatedWebhook("")) with { Url = _world.Elsewhere };
                break;
            case FaultKind.QrLoop:
                IsPaired = false;
                Code = LostCode;
                Begin(LostCode);
                break;
            case FaultKind.Conflict:
                PushOut();
                break;
            case FaultKind.Timelock or FaultKind.Capped:
                Tell(new SimulatedEvent.RestrictionChanged(fault.Kind));
                break;
            case FaultKind.Banned:
                IsPaired = false;
                End(BannedCode);
                break;
            case FaultKind.LoggedOut:
                LogOut();
                break;
            case FaultKind.ConnectStorm:
                Code = LostCode;
                Begin(LostCode);
                break;
        }
    }

    private void Drop(Recovery recovery)
    {
        Code = LostCode;
        switch (recovery)
        {
            case Recovery.Itself:
                Begin(LostCode);
                break;
            case Recovery.Pairing:
                IsPaired = false;
                End(LoggedOutCode);
                break;
            default:
                End(LostCode);
                break;
        }
    }

    /// <summary>Tells that it connects, again and again, and nothing else.</summary>
    private void Storm()
    {
        Later(
            _world.Options.IsEvolution24 ? PauseOf24 : TimeSpan.FromSeconds(1d / _world.Options.StormsPerSecond),
            () =>
            {
                Tell(new SimulatedEvent.LinkChanged(Link.Connecting, LostCode));
                Storm();
            }
        );
    }

    private void Over(FaultKind kind)
    {
        switch (kind)
        {
            case FaultKind.Drop or FaultKind.ConnectStorm or FaultKind.QrLoop when Link is Link.Connecting && !IsHeldDown:
                Begin(200);
                break;
            case FaultKind.Timelock or FaultKind.Capped:
                Tell(new SimulatedEvent.RestrictionChanged(kind));
                break;
            case FaultKind.HoldAcks:
                LetAcksGo();
                break;
            case FaultKind.Zombie when IsAlive:
                Deliver();
                break;
        }
    }
}
