using System.Globalization;
using Pontual.Engine.Alerts;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Watches;

/// <summary>Says, after the return, that nothing ran for a while, what was missed meanwhile and what became of it.</summary>
internal sealed class OutageWatch(IAlertStore alerts) : IWatch
{
    /// <summary>How long it is said: what was owed is planned within moments.</summary>
    private static readonly TimeSpan Told = TimeSpan.FromMinutes(2);

    public IReadOnlyList<string> Rules { get; } = [AlertRule.Outage];

    public async Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        // The first look comes before what is owed was planned: the second counts it.
        if (await alerts.LastOutageAsync(cancellation) is not { } outage || now - outage.To > Told || now <= outage.To)
        {
            return [];
        }

        var span = NoticeText.Words(outage.To - outage.From);
        var counts =
            outage.Missed == 0
                ? "No due time passed meanwhile."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{outage.Missed} due {(outage.Missed == 1 ? "time" : "times")} passed meanwhile: {outage.CaughtUp} made up for, {outage.Skipped} skipped by the jobs' catch-up policy."
                );
        return
        [
            new Finding(
                AlertRule.Outage,
                TenantName.Default,
                outage.From.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                Severity.Warning,
                $"Nothing watched or ran for {span}, from {outage.From:u} to {outage.To:u}. {counts}"
            )
            {
                Since = outage.From,
            },
        ];
    }
}
