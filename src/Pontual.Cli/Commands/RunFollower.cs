using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>Shows what a run prints, as it prints it.</summary>
internal static class RunFollower
{
    /// <summary>Copies a run's output to standard output, byte by byte as the target wrote it.</summary>
    /// <param name="api">Whom to ask.</param>
    /// <param name="run">Which run.</param>
    /// <param name="follow">Go on until it ends.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task PrintAsync(ApiClient api, Guid run, bool follow, CancellationToken cancellation)
    {
        using var answer = await api.OpenAsync($"api/v1/runs/{run}/output{(follow ? "?follow=1" : "")}", cancellation);
        await using var text = await answer.Content.ReadAsStreamAsync(cancellation);
        await using var output = Console.OpenStandardOutput();
        try
        {
            await text.CopyToAsync(output, cancellation);
        }
        catch (Exception failure) when (failure is HttpIOException or IOException && !cancellation.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"the connection to {api.Server} broke while the output was read.");
        }
    }

    /// <summary>Prints a run's output until it ends, then says how it ended.</summary>
    /// <returns>0 when it succeeded, else 1.</returns>
    public static async Task<int> FollowAsync(Session session, ApiClient api, Guid run, CancellationToken cancellation)
    {
        if (session.Screen.Json)
        {
            using var quiet = await api.OpenAsync($"api/v1/runs/{run}/output?follow=1", cancellation);
            await quiet.Content.CopyToAsync(Stream.Null, cancellation);
        }
        else
        {
            await PrintAsync(api, run, follow: true, cancellation);
        }

        var ended = await api.GetAsync($"api/v1/runs/{run}", cancellation);
        if (session.Screen.Json)
        {
            Screen.Write(ended);
        }
        else
        {
            var why = ended.Text("error") ?? ended.Text("reason");
            session.Screen.Note($"Run {run}: {ended.Text("state")}{(why is null ? "" : $" ({why})")}");
        }

        return ended.Text("state") is "succeeded" ? ExitCode.Ok : ExitCode.Failed;
    }
}
