namespace Pontual.Server.RunLog.Texts;

/// <summary>The words of a run's log lines in one language. FAIL is FAIL in each.</summary>
internal sealed record RunLogWords(string Running, string Attempt, string LocalTime)
{
    private static readonly RunLogWords English = new("Running job", "attempt", "Local time");
    private static readonly RunLogWords Portuguese = new("Executando job", "tentativa", "Hora atual");

    public static RunLogWords In(RunLogLanguage language) => language is RunLogLanguage.Portuguese ? Portuguese : English;
}
