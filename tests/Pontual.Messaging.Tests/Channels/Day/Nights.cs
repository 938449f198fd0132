using Pontual.Messaging.Channels.Liveness;

namespace Pontual.Messaging.Tests.Channels.Day;

/// <summary>When it is night in São Paulo, and what channels have learned of that in the weeks before.</summary>
internal sealed class Nights(FleetRig rig)
{
    private const int Falls = 23;
    private const int Ends = 7;

    // From messages of these hours on there was none until the morning.
    private const int FirstHour = 19;

    private static readonly TimeSpan LocalTime = TimeSpan.FromHours(-3);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly Dictionary<int, QuietHour> _learned = [];

    public static bool Is(DateTimeOffset now) => now.ToOffset(LocalTime).Hour is >= Falls or < Ends;

    /// <summary>Lets all channels know two weeks of nights, as webhooks would have taught them.</summary>
    public async Task LearnAsync(DateTimeOffset now)
    {
        var channels = await rig.AllAsync();
        var midnight = new DateTimeOffset(now.ToOffset(LocalTime).Date, LocalTime);
        var morning = midnight.AddDays(1).AddHours(Ends).AddMinutes(5);
        for (var hour = FirstHour; hour <= Falls; hour++)
        {
            var (slot, last) = (QuietHour.SlotOf(midnight.AddHours(hour).DateTime), midnight.AddHours(hour).AddMinutes(50));
            _learned[slot] = new QuietHour(slot)
                .Learn((last - (2 * Week)).ToUniversalTime(), (morning - (2 * Week)).ToUniversalTime())
                .Learn((last - Week).ToUniversalTime(), (morning - Week).ToUniversalTime());
        }

        await rig.Database.Database.WriteAsync(
            session =>
                QuietRowStore.PutAsync(session, [.. channels.SelectMany(view => _learned.Values.Select(hour => (view.Channel.Id, hour)))]),
            CancellationToken.None
        );
    }

    /// <summary>How long it is usually quiet from a message on; null where nothing is learned.</summary>
    public TimeSpan? LearnedOf(DateTimeOffset inbound) =>
        _learned.GetValueOrDefault(QuietHour.SlotOf(inbound.ToOffset(LocalTime).DateTime))?.Folded().Allowed;
}
