using Pontual.Engine.Runs;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;
using Pontual.Messaging.Channels.Outages;
using Pontual.Messaging.Channels.Registry;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Checks one channel: looks at all evidence, judges, cures, and records it.</summary>
/// <remarks>
/// <code>
///   what the gateway says ┐
///   what webhooks showed  ├─► evidence ─► judgement ─► cure ─► outage, attempt
///   what was asked for    ┘   (a webhook setting, a sign of life: asked only where it may matter)
/// </code>
/// An attempt is written before the gateway is called, so that none is forgotten or made twice.
/// </remarks>
public sealed class ChannelCheck(OutageLedger ledger, GatewayOpener opener, SessionQuestions questions, IRandomBytes random)
{
    internal async Task<ChannelFinding> RunAsync(CheckRound round, ChannelView view, SessionFacts said, CancellationToken cancellation)
    {
        SessionRef session;
        try
        {
            session = opener.SessionOf(view.Channel);
        }
        catch (GatewayException problem)
        {
            return new ChannelFinding(view.Channel.Name, view.Status.State, view.Status.Reason) { Note = problem.Message };
        }

        if (said.NotAsked is { } unasked)
        {
            return await UnaskedAsync(round, view, session, unasked, cancellation);
        }

        var channel = new ChannelCase(round, view, session, Observation.Merge(view, said, round.Open.Sessions.Traits, round.Now))
        {
            Note = said.RestrictionsUnknown is { } why ? $"what the platform restricts could not be asked: {why}" : null,
        };
        channel = await questions.WhereWebhooksGoAsync(channel, cancellation);
        if (channel.Judgement is { IsSuspect: true, IsWell: true } && IsProbeDue(channel))
        {
            channel = await SessionQuestions.SignOfLifeAsync(channel, cancellation);
        }

        channel = channel.Judged();
        return channel.Judgement.IsWell ? await WellAsync(channel, cancellation) : await IllAsync(channel, cancellation);
    }

    /// <summary>The gateway cannot be asked: that is all that is known.</summary>
    internal async Task<ChannelFinding> UnreachableAsync(
        CheckRound round,
        ChannelView view,
        Judgement judgement,
        CancellationToken cancellation
    )
    {
        var status = view.Status.Unasked(judgement.Reason ?? "", round.Now);
        return await IllAsync(new ChannelCase(round, view, default, status) { Told = judgement }.Judged(), cancellation);
    }

    /// <summary>It could not be asked, and that may pass: it is said, and changes nothing. What goes on is judged, and then nothing is known of the session.</summary>
    /// <param name="round">What it has in common with the others.</param>
    /// <param name="view">The channel as it was known.</param>
    /// <param name="session">Its session; none where the gateway itself could not be asked.</param>
    /// <param name="problem">Why not.</param>
    /// <param name="cancellation">Stops waiting.</param>
    internal async Task<ChannelFinding> UnaskedAsync(
        CheckRound round,
        ChannelView view,
        SessionRef session,
        GatewayException problem,
        CancellationToken cancellation
    )
    {
        var status = view.Status.Unasked(problem.Message, round.Now);
        var channel = new ChannelCase(round, view, session, status);
        if (round.Now - status.UnaskedSince < round.Wish.Rules.Unasked)
        {
            await SaveAsync(channel, null, cancellation);
            return new ChannelFinding(view.Channel.Name, status.State, status.Reason)
            {
                IsSuspect = status.SuspectSince is not null,
                Asked = view.Outage?.Asked,
                Note = $"it could not be asked this time: {problem.Message}",
            };
        }

        // Where its gateway answers, and fails over this one, it is the session.
        var isItsOwn =
            session.Id is not null && problem.Fault is not (GatewayFault.TooMany or GatewayFault.HeldBack or GatewayFault.TimedOut);
        var reason =
            $"it could not be asked since {Judgement.Time(status.UnaskedSince!.Value)}, {status.UnaskedTimes} times: {problem.Message}";
        var judgement = new Judgement(isItsOwn ? SessionState.Unknown : SessionState.GatewayDown, reason, false);
        return await IllAsync((channel with { Told = judgement }).Judged(), cancellation);
    }

    private static bool IsProbeDue(ChannelCase channel) =>
        channel.Evidence.Probe is not { } probe || channel.Round.Now - probe.At >= channel.Round.Wish.Rules.ProbeEvery;

    private async Task<ChannelFinding> WellAsync(ChannelCase channel, CancellationToken cancellation)
    {
        var (round, view) = (channel.Round, channel.View);
        var finding = channel.Finding();
        if (view.Outage is { } outage)
        {
            var ended = outage.Ended(round.Now, GapAfter(outage, channel.Status, round.Open.Sessions.Traits));
            await SaveAsync(channel.WithoutDoubt(), ended, cancellation);
            return channel.Finding(WorksAgain(ended));
        }

        if (!channel.Judgement.IsSuspect || !IsNudgeDue(channel))
        {
            await SaveAsync(channel, null, cancellation);
            return finding;
        }

        finding = finding with { Step = CureStep.Nudge };
        if (round.Wish.DryRun)
        {
            return finding;
        }

        await SaveAsync(channel with { Status = channel.Status with { NudgedAt = round.Now } }, null, cancellation);
        return finding with { Error = await TryAsync(channel, CureStep.Nudge, cancellation) };
    }

    private async Task<ChannelFinding> IllAsync(ChannelCase channel, CancellationToken cancellation)
    {
        var (round, view) = (channel.Round, channel.View);
        if (view.Channel.IsPaused(round.Now))
        {
            await SaveAsync(channel, null, cancellation);
            return channel.Finding("it is paused: nothing is tried");
        }

        var outage = await OutageAsync(channel, cancellation);
        channel = Covered(channel, outage);
        var traits = round.Traits;
        switch (CureLadder.Next(channel.Judgement, channel.Evidence, outage.Tried, traits, round.Wish.Rules, round.Now))
        {
            case Cure.Step step:
                return await CureAsync(channel, outage, step.What, cancellation);
            case Cure.Ask ask:
                await SaveAsync(channel, outage.Asking(ask.What, round.Now, round.Wish.Rules), cancellation);
                return channel.Finding() with { Asked = ask.What };
            case Cure.Wait wait:
                await SaveAsync(channel, outage, cancellation);
                return channel.Finding(wait.Why) with { Asked = outage.Asked };
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<ChannelFinding> CureAsync(ChannelCase channel, Outage outage, CureStep step, CancellationToken cancellation)
    {
        var round = channel.Round;
        var finding = channel.Finding() with { Step = step, Asked = outage.Asked };
        if (round.Wish.DryRun)
        {
            return finding;
        }

        var trying = outage.Trying(step, round.Now, round.Wish.Rules, Chance());
        if (!round.TryTake() || !await ledger.TryBeginAsync(channel, trying, cancellation))
        {
            await SaveAsync(channel, outage, cancellation);
            return channel.Finding("many sessions of this gateway need a cure: it has to wait for its turn") with { Asked = outage.Asked };
        }

        var error = await TryAsync(channel, step, cancellation);
        await ledger.EndAsync(error is null ? channel.After(step) : channel, trying, error, cancellation);
        return finding with { Error = error };
    }

    /// <returns>What the gateway said against it; null when it took it.</returns>
    private async Task<string?> TryAsync(ChannelCase channel, CureStep step, CancellationToken cancellation)
    {
        try
        {
            var (round, state) = (channel.Round, channel.Status.Reported.State);
            await round.Open.Sessions.CureAsync(channel.Session, step, state, opener.WishOf(round.Gateway), cancellation);
            return null;
        }
        catch (GatewayException problem)
        {
            return problem.Message;
        }
    }

    private async Task<Outage> OutageAsync(ChannelCase channel, CancellationToken cancellation)
    {
        var (round, view, judgement) = (channel.Round, channel.View, channel.Judgement);
        if (view.Outage is { } open)
        {
            return open.Became(judgement, round.Wish.Rules);
        }

        if (
            view.LastOutageEndedAt is { } ended
            && round.Now - ended < round.Wish.Rules.Relapse
            && await ledger.LatestAsync(view.Channel.Id, cancellation) is { } latest
        )
        {
            return latest.Reopened(judgement, round.Wish.Rules);
        }

        var start = Observation.StartOf(judgement, channel.Evidence, view.Status, view.Signs, round.Now);
        start = channel.MissedSince < start ? channel.MissedSince.Value : start;
        start = view.LastOutageEndedAt > start ? view.LastOutageEndedAt.Value : start;
        return new Outage(RunId.New(round.Now, random), view.Channel.Id, judgement.State, judgement.Reason ?? "", start, round.Now);
    }

    private Task SaveAsync(ChannelCase channel, Outage? outage, CancellationToken cancellation) =>
        channel.Round.Wish.DryRun ? Task.CompletedTask : ledger.SaveAsync(channel, outage, cancellation);

    private static bool IsNudgeDue(ChannelCase channel) =>
        channel.Round.Traits.Steps.Contains(CureStep.Nudge)
        && !channel.View.Channel.IsPaused(channel.Round.Now)
        && !channel.Evidence.IsRestricted(channel.Round.Now)
        && !(channel.Round.Now - channel.Status.NudgedAt < channel.Round.Wish.Rules.Silence);

    /// <summary>Messages of an outage are looked for when it is over, and with them those that were in doubt before. Only a restriction has no such end:
    /// the session works on, so the doubt is kept beside it, also that of an outage which became one.</summary>
    private static ChannelCase Covered(ChannelCase channel, Outage outage) =>
        outage.State is not SessionState.Restricted ? channel.WithoutDoubt()
        : channel.View.Outage is { State: not SessionState.Restricted }
            ? channel with
            {
                Status = channel.Status with { DoubtSince = outage.StartedAt },
            }
        : channel;

    /// <summary>A restricted session went on receiving: nothing was missed, unless something else was wrong meanwhile.</summary>
    private static GapResult GapAfter(Outage outage, ChannelStatus status, GatewayTraits traits) =>
        outage.State is SessionState.Restricted && (status.DoubtSince is null || !traits.ListsMessages) ? GapResult.None
        : traits.ListsMessages ? GapResult.Pending
        : GapResult.NotPossible;

    private static string WorksAgain(Outage outage)
    {
        var by =
            outage.CuredBy is { } step
                ? $" after {outage.Attempts} {(outage.Attempts == 1 ? "attempt" : "attempts, the last")}: {step.InWords()}"
            : outage.Asked is null ? " by itself"
            : ", after people were asked";
        return $"it works again{by}; it did not for {(outage.EndedAt!.Value - outage.StartedAt).TotalMinutes:0.#} min";
    }

    private double Chance()
    {
        Span<byte> bytes = stackalloc byte[4];
        random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (double)uint.MaxValue;
    }
}
