using Pontual.Scheduling.Cron;
using Shouldly;

namespace Pontual.Scheduling.Tests.Cron;

/// <summary>Random and mutated texts, a hundred thousand in each build and ten million with PONTUAL_LONG=1: nothing is thrown, nothing hangs.</summary>
public sealed class CronFuzzTests
{
    private const string Signs = "0123456789*/,-?LW#H()@ \t\0\n.:;MONJANFEBsegé９–\uD800";

    private static readonly string[] Seeds =
    [
        "* * * * *",
        "*/5 8-19 * * MON-FRI",
        "0 9,14 * * 1-5",
        "0 0 29 2 1#5",
        "0 0 31 2 *",
        "0 0 L-3 * ?",
        "0 0 LW,15W JAN-MAR 5L",
        "H(0-29)/10 H H * *",
        "0 0 12 ? * 2-6 2026-2030",
        "*/30 * * * * * */2",
        "@daily",
        "@every 90s",
        "*/60 * * * *",
        "9:30 * * *",
        "0 9 * * SEG-SEX",
        "0 9 * * MON - FRI",
    ];

    private static readonly ParseOptions[] Options =
    [
        ParseOptions.Default,
        new() { Seed = "job" },
        new() { Dialect = CronDialect.Crontab },
        new() { Dialect = CronDialect.Quartz },
    ];

    private static readonly DateTime From = new(2026, 11, 21, 12, 34, 56);

    [Fact]
    public void No_text_makes_the_reader_throw_or_hang()
    {
        var count = Environment.GetEnvironmentVariable("PONTUAL_LONG") == "1" ? 10_000_000 : 100_000;
        var random = new Random(20_261_121);

        for (var index = 0; index < count; index++)
        {
            var text = index % 4 == 0 ? Noise(random) : Mutated(random);
            var options = Options[index % Options.Length];
            try
            {
                Check(text, options);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Text {index}, '{text}' as {options.Dialect}", failure);
            }
        }
    }

    private static void Check(string text, ParseOptions options)
    {
        if (!CronExpression.TryParse(text, options, out var expression, out var problem))
        {
            var most = Math.Min(text.Length, CronExpression.MaxLength) + 1;
            (problem.Column >= 1 && problem.Column <= most && problem.Message.Length > 0).ShouldBeTrue();
            return;
        }

        problem.ShouldBeNull();
        CronExpression.Parse(expression.ToString(), new ParseOptions { Seed = options.Seed }).Equals(expression).ShouldBeTrue();
        (expression.NextLocal(From) is not { } next || next > From).ShouldBeTrue();
        (expression.PreviousLocal(From) is not { } previous || previous < From).ShouldBeTrue();
    }

    private static string Noise(Random random) =>
        string.Create(
            random.Next(40),
            random,
            static (signs, source) =>
            {
                foreach (ref var sign in signs)
                {
                    sign = Signs[source.Next(Signs.Length)];
                }
            }
        );

    private static string Mutated(Random random)
    {
        var text = Seeds[random.Next(Seeds.Length)];
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + random.Next(3));
            text = random.Next(8) switch
            {
                0 => Seeds[random.Next(Seeds.Length)] is var other ? text[..at] + other[Math.Min(at, other.Length)..] : text,
                1 => text[..at] + text[at..end] + text[at..],
                2 => text[..at] + text[end..],
                3 => text[..at] + random.Next(100) + text[end..],
                _ => text[..at] + Signs[random.Next(Signs.Length)] + text[end..],
            };
        }

        return text;
    }
}
