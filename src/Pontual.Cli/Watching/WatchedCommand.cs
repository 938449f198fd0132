using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pontual.Cli.Watching;

/// <summary>A command run in our place: its streams are ours, signals that reach us go on to it, and its end is our end.</summary>
internal static partial class WatchedCommand
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    /// <summary>Processes that the command left behind may keep its streams open: once it has ended, silence for so long is the end of them.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private static readonly (PosixSignal Signal, int Number)[] Forwarded =
    [
        (PosixSignal.SIGHUP, 1),
        (PosixSignal.SIGINT, 2),
        (PosixSignal.SIGQUIT, 3),
        (PosixSignal.SIGTERM, 15),
    ];

    /// <summary>Runs it to its end.</summary>
    /// <param name="line">The program and its arguments.</param>
    /// <param name="tail">Takes the end of what it writes; null to leave its streams alone.</param>
    /// <returns>Its exit code, 128 and the signal that ended it, or as shells say that it cannot be started: 127 not found, 126 not executable.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> line, OutputTail? tail)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(line[0], line.Skip(1))
            {
                UseShellExecute = false,
                RedirectStandardOutput = tail is not null,
                RedirectStandardError = tail is not null,
            },
        };
        var signals = new List<PosixSignalRegistration>();
        try
        {
            signals.AddRange(
                Forwarded.Select(signal => PosixSignalRegistration.Create(signal.Signal, context => Forward(context, signal.Number)))
            );
            process.Start();
            var copies = tail is null
                ? []
                : new[]
                {
                    CopyAsync(process.StandardOutput.BaseStream, Console.OpenStandardOutput(), tail),
                    CopyAsync(process.StandardError.BaseStream, Console.OpenStandardError(), tail),
                };
            await process.WaitForExitAsync();
            await DrainAsync(Task.WhenAll(copies), tail);
            return process.ExitCode;
        }
        catch (Win32Exception refused)
        {
            await Console.Error.WriteLineAsync($"pontual: cannot run {line[0]}: {refused.Message}");
            return refused.NativeErrorCode == 2 ? NotFound : NotExecutable;
        }
        finally
        {
            signals.ForEach(signal => signal.Dispose());
        }

        void Forward(PosixSignalContext context, int number)
        {
            context.Cancel = true;
            // What is typed at a terminal reaches the command by itself.
            if (number is not (2 or 3) || Console.IsInputRedirected)
            {
                Send(process, number);
            }
        }
    }

    private static void Send(Process process, int signal)
    {
        try
        {
            _ = Kill(process.Id, signal);
        }
        catch (InvalidOperationException)
        {
            // It has not begun, or has ended already.
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, OutputTail tail)
    {
        var buffer = new byte[8_192];
        await using (to)
        {
            try
            {
                for (int read; (read = await from.ReadAsync(buffer)) > 0; )
                {
                    tail.Add(buffer.AsSpan(0, read));
                    await to.WriteAsync(buffer.AsMemory(0, read));
                    await to.FlushAsync();
                }
            }
            catch (IOException)
            {
                // Nobody reads our stream any more: the command hears so from its own.
                await from.DisposeAsync();
            }
        }
    }

    private static async Task DrainAsync(Task copies, OutputTail? tail)
    {
        for (long seen = -1; tail is not null && !copies.IsCompleted && seen != tail.Total; )
        {
            seen = tail.Total;
            await Task.WhenAny(copies, Task.Delay(Silence, TimeProvider.System));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
