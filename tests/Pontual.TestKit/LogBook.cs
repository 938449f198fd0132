using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Pontual.TestKit;

/// <summary>Keeps all that is logged, of every level, with scopes and names of categories.</summary>
public sealed class LogBook : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>All of it, oldest first.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        _lines.Enqueue(categoryName);
        return this;
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _lines.Enqueue($"{state}");
        return null;
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue($"{formatter(state, exception)} {exception}");

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _lines);

    /// <inheritdoc/>
    public void Dispose() { }
}
