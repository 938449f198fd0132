using System.Diagnostics;

namespace Pontual.Bench;

/// <summary>This program again as a process of its own: a node, an engine that is watched, a benchmark that may fail.</summary>
internal static class BenchProcess
{
    /// <param name="arguments">As on the command line.</param>
    /// <returns>What starts it; it shares our console unless the caller says otherwise.</returns>
    public static ProcessStartInfo Info(params IEnumerable<string> arguments) =>
        new("dotnet", [typeof(BenchProcess).Assembly.Location, .. arguments]) { UseShellExecute = false };
}
