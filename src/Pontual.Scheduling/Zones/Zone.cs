using System.Diagnostics.CodeAnalysis;
using NodaTime;
using NodaTime.TimeZones;

namespace Pontual.Scheduling.Zones;

/// <summary>A time zone by its IANA id. One value for each id, so zones compare by reference; safe for any number of threads.</summary>
/// <remarks>
/// Rules come from the database inside NodaTime, never from the platform: its <c>TimeZoneInfo</c> answers wrongly about gaps and overlaps
/// in zones with negative daylight saving (Europe/Dublin, Africa/Casablanca) and about some rules after 2037.
/// </remarks>
public sealed class Zone
{
    private static readonly Dictionary<string, Lazy<Zone>> Known = ReadDatabase();

    private readonly DateTimeZone _rules;
    private readonly ZoneTable _table;

    private Zone(DateTimeZone rules)
    {
        _rules = rules;
        _table = new ZoneTable(rules);
    }

    /// <summary>Coordinated universal time.</summary>
    public static Zone Utc => Known["UTC"].Value;

    /// <summary>The zone of schedules that name none: America/Sao_Paulo .</summary>
    public static Zone Default => Known["America/Sao_Paulo"].Value;

    /// <summary>The version of the zone database in use, such as <c>2025b</c>; another version may move future occurrences.</summary>
    public static string DatabaseVersion => TzdbDateTimeZoneSource.Default.TzdbVersion;

    /// <summary>All IANA ids that <see cref="TryParse"/> knows, in ordinal order.</summary>
    public static IEnumerable<string> Ids => DateTimeZoneProviders.Tzdb.Ids;

    /// <summary>The IANA id in the database's own spelling.</summary>
    public string Id => _rules.Id;

    /// <param name="id">An IANA id (America/Sao_Paulo) or a Windows id (E. South America Standard Time), in any case.</param>
    /// <exception cref="FormatException">The database has no such zone; the message quotes <paramref name="id"/>.</exception>
    public static Zone Parse(string id) =>
        TryParse(id, out var zone)
            ? zone
            : throw new FormatException($"'{id}' is not a time zone: use an IANA id such as America/Sao_Paulo, Europe/Lisbon or UTC.");

    /// <param name="id">An IANA id (America/Sao_Paulo) or a Windows id (E. South America Standard Time), in any case.</param>
    /// <param name="zone">The zone; null when there is none of that id.</param>
    public static bool TryParse([NotNullWhen(true)] string? id, [NotNullWhen(true)] out Zone? zone)
    {
        zone = id is not null && Known.TryGetValue(id, out var found) ? found.Value : null;
        return zone is not null;
    }

    /// <summary>The same instant with the offset that this zone has then.</summary>
    public DateTimeOffset ToLocal(DateTimeOffset instant)
    {
        var offset = TimeSpan.FromMinutes(SpanAt(instant.UtcTicks / TimeSpan.TicksPerSecond).Offset / 60); // An offset holds whole minutes.
        var ticks = instant.UtcTicks + offset.Ticks;
        return ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks
            ? instant.ToUniversalTime() // The local time has no representation: year 0 or 10000.
            : new DateTimeOffset(ticks, offset);
    }

    /// <summary>The instants at which clocks here show <paramref name="local"/> (its kind is ignored).</summary>
    public LocalInstants ToInstants(DateTime local)
    {
        var mapping = _rules.MapLocal(LocalDateTime.FromDateTime(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)));
        return mapping.Count switch
        {
            1 => new LocalInstants(LocalTimeKind.Single, At(mapping.EarlyInterval), At(mapping.EarlyInterval)),
            2 => new LocalInstants(LocalTimeKind.Repeated, At(mapping.EarlyInterval), At(mapping.LateInterval)),
            _ => new LocalInstants(LocalTimeKind.Missing, mapping.LateInterval.Start.ToDateTimeOffset(), At(mapping.EarlyInterval)),
        };

        DateTimeOffset At(ZoneInterval interval) =>
            new(Math.Clamp(local.Ticks - interval.WallOffset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>The stretch of equal offset that contains the UTC second (counted from 0001-01-01).</summary>
    internal ZoneSpan SpanAt(long second) => _table.At(second);

    private static Dictionary<string, Lazy<Zone>> ReadDatabase()
    {
        var zones = new Dictionary<string, Lazy<Zone>>(1024, StringComparer.OrdinalIgnoreCase);
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids)
        {
            zones[id] = new Lazy<Zone>(() => new Zone(DateTimeZoneProviders.Tzdb[id]));
        }

        foreach (var (windowsId, id) in TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping)
        {
            zones.TryAdd(windowsId, zones[id]);
        }

        return zones;
    }
}
