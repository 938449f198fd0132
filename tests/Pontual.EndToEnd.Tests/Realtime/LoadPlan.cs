namespace Pontual.EndToEnd.Tests.Realtime;

/// <summary>How much of everything.</summary>
/// <param name="OfTopics">Clients of one of <paramref name="Topics"/> topics each.</param>
/// <param name="OfAll">Clients of everything.</param>
/// <param name="Topics">Topics.</param>
/// <param name="EventsPerSecond">Events; a multiple of <paramref name="Topics"/>.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="CutBytesOfTopic">Bytes that a client of a topic reads until its connection is cut, on average.</param>
internal sealed record LoadPlan(int OfTopics, int OfAll, int Topics, int EventsPerSecond, int Seconds, int CutBytesOfTopic)
{
    public static LoadPlan Quick { get; } =
        new(OfTopics: 50, OfAll: 10, Topics: 5, EventsPerSecond: 200, Seconds: 3, CutBytesOfTopic: 5_000);

    public static LoadPlan Long { get; } =
        new(OfTopics: 1_000, OfAll: 50, Topics: 20, EventsPerSecond: 500, Seconds: 60, CutBytesOfTopic: 100_000);
}
