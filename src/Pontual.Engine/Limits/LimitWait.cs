namespace Pontual.Engine.Limits;

/// <summary>The limit that a run waits for.</summary>
/// <param name="Scope">Of its queue or by its key.</param>
/// <param name="Name">The queue or the key.</param>
/// <param name="Bound">How much the limit lets through.</param>
/// <param name="Opens">When its rate lets the next start; null when it waits for another run to end, or when that time has come.</param>
public sealed record LimitWait(LimitScope Scope, string Name, Limit Bound, DateTimeOffset? Opens);
