using Microsoft.Extensions.Logging;
using Pontual.Engine.Executing;

namespace Pontual.Runners.Handler;

/// <summary>A logger whose lines are a run's output: what a handler logs is read where the run is read.</summary>
internal sealed class OutputLogger(IAttemptOutput output) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = formatter(state, exception);
        output.WriteLine(logLevel is LogLevel.Information ? line : $"{logLevel}: {line}");
        if (exception is not null)
        {
            output.WriteLine(exception.ToString());
        }
    }
}
