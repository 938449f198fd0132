using System.Globalization;
using Pontual.Scheduling.Zones;

namespace Pontual.Cli.Doctor;

/// <summary>Looks at zones: which database schedules go by, and which zone this machine and its processes think they are in.</summary>
internal static class ZoneExam
{
    /// <summary>Governments change their clocks every year: an older database is wrong somewhere.</summary>
    private const int OldAfterYears = 2;

    public static Symptom Look(DateTimeOffset now)
    {
        var version = Zone.DatabaseVersion;
        var variable = Environment.GetEnvironmentVariable("TZ");
        var found =
            $"zone database {version}; schedules without a zone go by {Zone.Default.Id}; this machine's zone is {TimeZoneInfo.Local.Id}";
        if (!string.IsNullOrEmpty(variable) && !Zone.TryParse(variable.TrimStart(':'), out _))
        {
            return Symptom.Warn(
                "time zone",
                $"{found}; TZ is '{variable}', which is no zone",
                "Set TZ to an IANA id such as America/Sao_Paulo, or unset it."
            );
        }

        return
            int.TryParse(version.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && year + OldAfterYears < now.Year
            ? Symptom.Warn("time zone", $"{found}; the database is of {year}", "Update Pontual: it brings its own zone database.")
            : Symptom.Ok("time zone", found);
    }
}
