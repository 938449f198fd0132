using System.Numerics;

namespace Pontual.Scheduling.Texts;

/// <summary>Values out of the masks of expressions, and the patterns people see in them.</summary>
internal static class Bits
{
    /// <summary>The positions of the bits that are set, rising.</summary>
    public static List<int> Of(ulong mask)
    {
        var bits = new List<int>();
        for (; mask != 0; mask &= mask - 1)
        {
            bits.Add(BitOperations.TrailingZeroCount(mask));
        }

        return bits;
    }

    /// <summary>The step of values that go evenly round a dial from 0; 0 when they do not.</summary>
    public static int EvenStep(ulong mask, int count)
    {
        var values = Of(mask);
        var step = count / values.Count;
        return values.Count > 1 && count % values.Count == 0 && values.Select((value, index) => value == index * step).All(even => even)
            ? step
            : 0;
    }

    /// <summary>The step of three or more values that rise evenly; 0 when they do not.</summary>
    public static int RisingStep(IReadOnlyList<int> values)
    {
        var step = values.Count > 2 ? values[1] - values[0] : 0;
        return values.Zip(values.Skip(1)).All(pair => pair.Second - pair.First == step) ? step : 0;
    }

    /// <summary>Neighbouring values as stretches, both ends included.</summary>
    /// <param name="values">Rising.</param>
    /// <param name="dial">After its last value comes its first again: a stretch may go over that end. Null: it may not.</param>
    public static List<(int First, int Last)> Stretches(IReadOnlyList<int> values, (int First, int Last)? dial = null)
    {
        var stretches = new List<(int First, int Last)>();
        foreach (var value in values)
        {
            if (stretches.Count > 0 && stretches[^1].Last == value - 1)
            {
                stretches[^1] = (stretches[^1].First, value);
            }
            else
            {
                stretches.Add((value, value));
            }
        }

        if (dial is { } ends && stretches.Count > 1 && stretches[0].First == ends.First && stretches[^1].Last == ends.Last)
        {
            stretches[^1] = (stretches[^1].First, stretches[0].Last);
            stretches.RemoveAt(0);
        }

        return stretches;
    }
}
