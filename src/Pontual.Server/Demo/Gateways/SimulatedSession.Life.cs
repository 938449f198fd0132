using System.Globalization;

namespace Pontual.Server.Demo.Gateways;

/// <content>How a session connects, ends and comes back.</content>
public sealed partial class SimulatedSession
{
    private const int LoggedOutCode = 401;
    private const int BannedCode = 403;
    private const int LostCode = 408;
    private const int ConflictCode = 440;
    private const int RestartCode = 515;

    private static readonly TimeSpan FirstCodeTakes = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConflictEvery = TimeSpan.FromSeconds(10);

    // What was planned for an earlier life of the connection does not happen to this one.
    private int _life;

    /// <summary>Opens its connection, if it is not open or on its way.</summary>
    public void Connect()
    {
        lock (_world.Gate)
        {
            if (Link is not (Link.Open or Link.Connecting or Link.Pairing))
            {
                _faults.Cure(Recovery.Restart);
                Begin(200);
            }
        }
    }

    /// <summary>Closes its connection and opens it again. Cures what a restart cures.</summary>
    public void Restart()
    {
        lock (_world.Gate)
        {
            _faults.Cure(Recovery.Restart);
            Begin(200);
        }
    }

    /// <summary>Starts it after a stop, which cures more than a restart.</summary>
    public void Start()
    {
        lock (_world.Gate)
        {
            if (Link is Link.Stopped)
            {
                _faults.Cure(Recovery.StopStart);
            }

            Connect();
        }
    }

    /// <summary>Stops it.</summary>
    public void Stop()
    {
        lock (_world.Gate)
        {
            if (Link is not Link.Stopped)
            {
                _life++;
                Move(Link.Stopped, 200);
            }
        }
    }

    /// <summary>Unpairs it: the gateway does, or the phone.</summary>
    public void LogOut()
    {
        lock (_world.Gate)
        {
            IsPaired = false;
            End(LoggedOutCode);
        }
    }

    /// <summary>A person scans the code that is shown.</summary>
    /// <exception cref="InvalidOperationException">None is shown.</exception>
    public void Scan()
    {
        lock (_world.Gate)
        {
            if (Link is not Link.Pairing)
            {
                throw new InvalidOperationException($"the session '{Id}' shows no code: it is {Link}");
            }

            (IsPaired, PairingCode) = (true, null);
            _faults.Cure(Recovery.Pairing);
            _faults.Remove(FaultKind.LoggedOut);
            Begin(RestartCode);
        }
    }

    /// <summary>Begins to connect: after a while it is open, or it shows a code when no phone is paired.</summary>
    private void Begin(int code)
    {
        CodesShown = 0;
        PairingCode = null;
        Move(Link.Connecting, code);
        if (Has(FaultKind.ConnectStorm))
        {
            Storm();
        }
        else if (Has(FaultKind.Banned))
        {
            Later(_world.Options.ConnectTakes, () => End(BannedCode));
        }
        else if (!IsPaired)
        {
            Later(FirstCodeTakes, ShowCode);
        }
        else if (!IsHeldDown)
        {
            Later(_world.Options.ConnectTakes, Open);
        }
    }

    private bool IsHeldDown => Has(FaultKind.Drop) || Has(FaultKind.ConnectStorm) || Has(FaultKind.QrLoop);

    private void Open()
    {
        if (IsHeldDown)
        {
            return;
        }

        Move(Link.Open, 200);
        LastActivity = _world.Now;
        Deliver();
        if (Has(FaultKind.Conflict))
        {
            Later(ConflictEvery, PushOut);
        }
    }

    /// <summary>Another client takes the place. Evolution fights for it at once and again, the others give up.</summary>
    private void PushOut()
    {
        if (Kind == Messaging.Channels.Gateways.GatewayKind.Evolution)
        {
            Code = ConflictCode;
            Begin(ConflictCode);
        }
        else
        {
            End(ConflictCode);
        }
    }

    /// <summary>Shows the next code, or gives up after the last.</summary>
    private void ShowCode()
    {
        if (Has(FaultKind.QrLoop))
        {
            return;
        }

        if (CodesShown >= _world.Options.MostCodes)
        {
            PairingCode = null;
            Code = 428;
            Move(Link.Refused, 428);
            return;
        }

        CodesShown++;
        PairingCode = $"2@{_world.Id(40, Id, "qr", (++_ids).ToString(CultureInfo.InvariantCulture))}";
        if (Link is not Link.Pairing)
        {
            Move(Link.Pairing, 200);
        }

        Tell(new SimulatedEvent.CodeShown(PairingCode));
        Later(_world.Options.CodeHolds, ShowCode);
    }

    /// <summary>Ends its connection for good.</summary>
    private void End(int code)
    {
        (Code, EndedAt, PairingCode) = (code, _world.Now, null);
        Move(Link.Closed, code);
    }

    private void Move(Link link, int code)
    {
        _life++;
        (Link, LinkSince) = (link, _world.Now);
        if (link is not Link.Connecting)
        {
            StoredLink = link;
        }

        if (!(link is Link.Closed or Link.Stopped && Has(FaultKind.NoCloseEvent)))
        {
            Tell(new SimulatedEvent.LinkChanged(link, code));
        }
    }

    private void Later(TimeSpan span, Action happens)
    {
        var life = _life;
        _world.Agenda.In(
            span,
            () =>
            {
                if (life == _life)
                {
                    happens();
                }
            }
        );
    }
}
