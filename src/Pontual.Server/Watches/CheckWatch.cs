using System.Globalization;
using Pontual.Engine.Alerts;
using Pontual.Engine.Checks;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Watches;

/// <summary>Finds jobs that something else runs, and that have not reported in time or reported a failure.</summary>
internal sealed class CheckWatch(ICheckStore checks) : IWatch
{
    public IReadOnlyList<string> Rules { get; } = [AlertRule.CheckLate, AlertRule.CheckFailing];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var found = new List<Finding>();
        foreach (var check in await checks.TroubledAsync(now, cancellation))
        {
            if (check.Progress.AlertAfter < now)
            {
                found.Add(Late(check));
            }

            if (check.Progress.Failures > 0)
            {
                found.Add(Failing(check));
            }
        }

        return found;
    }

    private static Finding Late(Check check)
    {
        var (progress, grace) = (check.Progress, Duration.Format(check.Definition.GraceAt(check.Progress.AlertAfter!.Value)));
        var why =
            progress.StartedAt is { } start && !(progress.DueAt < start)
                ? $"a run of it began at {Time(check, start)} and has not ended within {grace}"
                : $"its report was due at {Time(check, progress.DueAt!.Value)}, and has not come within {grace}";
        return new Finding(
            AlertRule.CheckLate,
            check.Name.Tenant,
            check.Name.Text,
            Severity.Critical,
            $"Check {check.Name.Text} is down: {why}."
        )
        {
            Since = progress.AlertAfter,
            Facts = Facts(check),
        };
    }

    private static Finding Failing(Check check)
    {
        var code = check.Progress.LastCode is { } exit ? $" with exit code {exit}" : "";
        return new Finding(
            AlertRule.CheckFailing,
            check.Name.Tenant,
            check.Name.Text,
            Severity.Warning,
            $"Check {check.Name.Text} reports a failure{code}, since {Time(check, check.Progress.FailingSince!.Value)}."
        )
        {
            Since = check.Progress.FailingSince,
            Facts = Facts(check),
        };
    }

    private static Dictionary<string, string> Facts(Check check)
    {
        var facts = new Dictionary<string, string>();
        if (check.Definition.Description is { } description)
        {
            facts["description"] = description;
        }

        if (check.Progress.LastEndAt is { } last)
        {
            facts["last_report"] = Time(check, last);
        }

        return facts;
    }

    private static string Time(Check check, DateTimeOffset instant)
    {
        var zone = check.Definition.Schedule.Zone;
        return $"{zone.ToLocal(instant).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({zone.Id})";
    }
}
