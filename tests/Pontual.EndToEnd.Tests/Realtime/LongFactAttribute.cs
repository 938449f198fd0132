namespace Pontual.EndToEnd.Tests.Realtime;

/// <summary>A test that takes minutes: only where PONTUAL_LONG asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("PONTUAL_LONG") is not "1")
        {
            Skip = "Takes minutes: ./test realtime runs it.";
        }
    }
}
