using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Channels.Checking;

/// <summary>Findings in plain words, for logs and terminals.</summary>
public static class FindingText
{
    /// <summary>One line about a channel.</summary>
    public static string ToLine(this ChannelFinding finding)
    {
        List<string> parts =
        [
            finding.IsSuspect && finding.State is SessionState.Connected ? "Connected, suspect" : finding.State.ToString(),
        ];
        if (finding.Reason is { } reason)
        {
            parts[0] += $": {reason}";
        }

        if (finding.Step is { } step)
        {
            parts.Add(finding.Error is { } error ? $"{step.InWords()} was refused: {error}" : step.InWords());
        }

        if (finding.Asked is { } asked)
        {
            parts.Add(asked.InWords());
        }

        if (finding.Note is { } note)
        {
            parts.Add(note);
        }

        return string.Join("; ", parts);
    }

    /// <summary>A step in words.</summary>
    public static string InWords(this CureStep step) =>
        step switch
        {
            CureStep.SetWebhook => "its webhooks are set anew",
            CureStep.Nudge => "its code is asked for, so that it reconnects",
            CureStep.Restart => "its connection is restarted",
            _ => "it is stopped and started",
        };

    /// <summary>What people are asked for, in words.</summary>
    public static string InWords(this AskFor asked) =>
        asked switch
        {
            AskFor.RestartGateway => "no step has helped: restart the gateway's process",
            AskFor.Pair => "pair it with the phone: pontual sessions qr",
            AskFor.EndConflict => "another session of this account has its place: end that one",
            AskFor.WaitForRestriction => "wait until the restriction ends, and write to no strangers meanwhile",
            AskFor.LookIntoBan => "the number is probably blocked: look at it on the phone",
            AskFor.LookAfterGateway => "look after the gateway: it cannot be reached",
            AskFor.LookIntoFall =>
                "it comes up and falls again at once: see on the phone whether another session has its place, or the number is blocked",
            AskFor.Licence => "activate the gateway's licence",
            _ => "look at the session: it does not get any further by itself",
        };
}
