namespace Pontual.Engine.Limits;

/// <summary>A limit and how far it is used at one moment: what admits starts. Pure.</summary>
/// <remarks>
/// The rate is the generic cell rate algorithm (ITU-T I.371). One instant is all it remembers: <paramref name="Tat"/>, when the next start would come
/// if all were evenly spread. A start at s moves it to max(tat, s) + every, and a start is in order from tat - (burst - 1) × every on.
/// So in any window as long as the period there are at most count + burst - 1 starts, wherever the window begins.
/// </remarks>
/// <param name="Bound">The limit.</param>
/// <param name="Tat">The theoretical arrival time; null before the first start.</param>
/// <param name="Active">Runs that count as active.</param>
public readonly record struct LimitUse(Limit Bound, DateTimeOffset? Tat, int Active)
{
    /// <summary>How many more may be active; <see cref="int.MaxValue"/> for any number.</summary>
    public int Places => Bound.AtOnce is { } most ? Math.Max(0, most - Active) : int.MaxValue;

    /// <summary>From when on the rate lets the next start; null for at any time.</summary>
    public DateTimeOffset? Opens => Bound.Rate is { } rate && Tat is { } tat ? tat - ((Bound.Burst - 1) * rate.Every) : null;

    /// <summary>How many may start at <paramref name="now"/>.</summary>
    public int Room(DateTimeOffset now) => Math.Min(Places, InOrder(now));

    /// <summary>The use after one more start at <paramref name="at"/>.</summary>
    public LimitUse Started(DateTimeOffset at) =>
        this with
        {
            Active = Active + 1,
            Tat = Bound.Rate is { } rate ? (Tat > at ? Tat.Value : at) + rate.Every : Tat,
        };

    /// <summary>The instant to remember when the bound changed: what a stricter one left over does not hold up a looser one.</summary>
    public static DateTimeOffset? Carried(Limit bound, DateTimeOffset? tat, DateTimeOffset now) =>
        bound.Rate is not { } rate ? null
        : tat > now + (bound.Burst * rate.Every) ? now + (bound.Burst * rate.Every)
        : tat;

    private int InOrder(DateTimeOffset now)
    {
        if (Bound.Rate is not { } rate)
        {
            return int.MaxValue;
        }

        var ahead = Tat > now ? (Tat.Value - now).Ticks : 0;
        var every = rate.Every.Ticks;
        return (int)Math.Max(0, Bound.Burst - ((ahead + every - 1) / every));
    }
}
