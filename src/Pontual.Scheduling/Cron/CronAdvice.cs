namespace Pontual.Scheduling.Cron;

internal static class CronAdvice
{
    public static CronProblem Of(string text, ParseOptions options, CronProblem problem)
    {
        _ = text;
        _ = options;
        return problem;
    }
}
