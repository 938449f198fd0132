using FsCheck;
using FsCheck.Fluent;

namespace Pontual.Scheduling.Tests.Oracle;

/// <summary>How many cases a property tries: enough for every build, and many times as many when PONTUAL_LONG=1.</summary>
internal static class Cases
{
    /// <summary>Fails with the smallest counterexample; the seed is fixed, so a failure comes back.</summary>
    public static void Check<T>(this Gen<T> gen, int cases, Action<T> holds, int longTimes = 50)
    {
        var isLong = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1";
        var config = Config.QuickThrowOnFailure.WithMaxTest(isLong ? cases * longTimes : cases).WithReplay(20_261_121, 15);
        FsCheck.Check.One(config, Prop.ForAll(gen.ToArbitrary(), holds));
    }
}
