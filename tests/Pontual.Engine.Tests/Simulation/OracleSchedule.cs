namespace Pontual.Engine.Tests.Simulation;

/// <summary>
/// A schedule known by its numbers, not by its text: it can say its cron expression for the product, and list its occurrences by arithmetic of
/// its own (whole hours, a zone's offset, New York's two rules), sharing nothing with the product's parser, zones or search.
/// </summary>
internal sealed record OracleSchedule(OracleKind Kind, int Hour, int Minute, int Weekday, OracleZone Zone)
{
    /// <summary>85 % daily or weekly, 12 % hourly, 3 % every 15 minutes: what schedules in the field look like.</summary>
    public static OracleSchedule Draw(Random random)
    {
        var kind = random.NextDouble() switch
        {
            < 0.60 => OracleKind.Daily,
            < 0.85 => OracleKind.Weekly,
            < 0.97 => OracleKind.Hourly,
            _ => OracleKind.Quarterly,
        };
        return new OracleSchedule(kind, random.Next(24), random.Next(60), random.Next(7), (OracleZone)random.Next(4));
    }

    public string Cron =>
        Kind switch
        {
            OracleKind.Daily => $"{Minute} {Hour} * * *",
            OracleKind.Weekly => $"{Minute} {Hour} * * {Weekday}",
            OracleKind.Hourly => $"{Minute} * * * *",
            _ => $"{Minute % 15}-59/15 * * * *",
        };

    public string ZoneId =>
        Zone switch
        {
            OracleZone.Utc => "Etc/UTC",
            OracleZone.SaoPaulo => "America/Sao_Paulo",
            OracleZone.Kolkata => "Asia/Kolkata",
            _ => "America/New_York",
        };

    /// <summary>Occurrences in (after, until], rising. Right for 2024 to 2037.</summary>
    public IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset after, DateTimeOffset until) =>
        Kind is OracleKind.Hourly or OracleKind.Quarterly ? ByElapsedTime(after, until) : ByLocalDay(after, until);

    /// <summary>Every so many minutes of real time: clock changes in whole hours do not matter, half-hour offsets shift the minute.</summary>
    private IEnumerable<DateTimeOffset> ByElapsedTime(DateTimeOffset after, DateTimeOffset until)
    {
        var period = TimeSpan.FromMinutes(Kind is OracleKind.Hourly ? 60 : 15);
        var shift = TimeSpan.FromMinutes(Minute - (Zone is OracleZone.Kolkata ? 30 : 0));
        var first = DateTimeOffset.UnixEpoch + shift;
        var at = first + (period * Math.Floor((after - first) / period));
        for (; at <= until; at += period)
        {
            if (at > after)
            {
                yield return at;
            }
        }
    }

    private IEnumerable<DateTimeOffset> ByLocalDay(DateTimeOffset after, DateTimeOffset until)
    {
        for (var day = after.UtcDateTime.Date.AddDays(-2); day <= until.UtcDateTime.Date.AddDays(2); day = day.AddDays(1))
        {
            if (Kind is OracleKind.Weekly && (int)day.DayOfWeek != Weekday)
            {
                continue;
            }

            var at = ToUtc(day.AddHours(Hour).AddMinutes(Minute));
            if (at > after && at <= until)
            {
                yield return at;
            }
        }
    }

    /// <summary>What the clocks of the zone show.</summary>
    public DateTime ToLocal(DateTimeOffset at) =>
        at.UtcDateTime.AddMinutes(
            Zone switch
            {
                OracleZone.Utc => 0,
                OracleZone.SaoPaulo => -180,
                OracleZone.Kolkata => 330,
                _ => at.UtcDateTime >= Sunday(at.Year, 3, 2).AddHours(7) && at.UtcDateTime < Sunday(at.Year, 11, 1).AddHours(6)
                    ? -240
                    : -300,
            }
        );

    private DateTimeOffset ToUtc(DateTime local) =>
        Zone switch
        {
            OracleZone.Utc => Instant(local, 0),
            OracleZone.SaoPaulo => Instant(local, -180),
            OracleZone.Kolkata => Instant(local, 330),
            _ => NewYork(local),
        };

    /// <summary>
    /// <code>
    ///   second Sunday of March    01:59 EST │ gap: a time in it runs at its end, 07:00 UTC │ 03:00 EDT
    ///   first Sunday of November  01:59 EDT │ 01:00 EST again: a time in it runs in the first pass, EDT
    /// </code>
    /// </summary>
    private static DateTimeOffset NewYork(DateTime local)
    {
        var spring = Sunday(local.Year, 3, 2).AddHours(2);
        var autumn = Sunday(local.Year, 11, 1).AddHours(2);
        if (local >= spring && local < spring.AddHours(1))
        {
            return Instant(spring, -300);
        }

        return Instant(local, local >= spring && local < autumn ? -240 : -300);
    }

    private static DateTime Sunday(int year, int month, int which)
    {
        var first = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Unspecified);
        return first.AddDays(((7 - (int)first.DayOfWeek) % 7) + ((which - 1) * 7));
    }

    private static DateTimeOffset Instant(DateTime local, int offsetMinutes) => new(local.AddMinutes(-offsetMinutes).Ticks, TimeSpan.Zero);
}

internal enum OracleKind
{
    Daily,
    Weekly,
    Hourly,
    Quarterly,
}

internal enum OracleZone
{
    Utc,
    SaoPaulo,
    Kolkata,
    NewYork,
}
