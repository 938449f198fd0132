using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Tests.Fuzz;

/// <summary>Keeps all that a server logs, at every level.</summary>
internal sealed class FuzzLog : ILoggerProvider
{
    /// <summary>Each line with its level and exception.</summary>
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void Dispose() { }

    private sealed class Writer(FuzzLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log.Lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
    }
}
