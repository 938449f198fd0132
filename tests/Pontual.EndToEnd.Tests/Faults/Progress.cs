using System.Globalization;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>Says what a campaign does while it runs, in the files that <c>./test faults</c> shows: PONTUAL_FAULTS_LOG, and the table beside it.</summary>
internal static class Progress
{
    private static readonly Lock Gate = new();
    private static readonly string? Log = Environment.GetEnvironmentVariable("PONTUAL_FAULTS_LOG");

    /// <summary>One line.</summary>
    public static void Say(string campaign, string what) =>
        Append(Log, string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {campaign, -9} {what}"));

    /// <summary>What a campaign came to: a line of the table that ends the programme.</summary>
    public static void Done(CampaignReport report)
    {
        Say(report.Name, report.ToString());
        Row(report.ToString());
    }

    /// <summary>As above, of the campaign on SQLite.</summary>
    public static void Done(string campaign, int seed, KillReport report)
    {
        Say(campaign, report.ToString());
        Row($"{campaign}, seed {seed}: {report}");
    }

    private static void Row(string line) => Append(Log is null ? null : $"{Log}.table", line);

    private static void Append(string? path, string line)
    {
        if (path is not null)
        {
            lock (Gate)
            {
                File.AppendAllText(path, line + Environment.NewLine);
            }
        }
    }
}
