using Pontual.Engine.Checks;

namespace Pontual.Server.Checks;

/// <summary>The words of the API for checks and their pings.</summary>
internal static class CheckWords
{
    public static string Of(CheckState state) =>
        state switch
        {
            CheckState.New => "new",
            CheckState.Up => "up",
            CheckState.Late => "late",
            CheckState.Started => "started",
            CheckState.Failing => "failing",
            CheckState.Down => "down",
            _ => "paused",
        };

    public static string Of(PingKind kind) =>
        kind switch
        {
            PingKind.Start => "start",
            PingKind.Success => "success",
            _ => "failure",
        };
}
