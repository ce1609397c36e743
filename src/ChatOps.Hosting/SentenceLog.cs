using Microsoft.Extensions.Logging;

namespace ChatOps.Hosting;

/// <summary>A log for people at a terminal: the sentence, and of what broke the trace; no times and no categories.</summary>
public sealed class SentenceLog(Action<LogLevel, string> say) : ILoggerProvider, ILogger
{
    /// <summary>A factory whose loggers all print from <see cref="LogLevel.Information"/> on; those of the framework do not.</summary>
    public static ILoggerFactory To(Action<LogLevel, string> say) =>
        LoggerFactory.Create(logging => logging.AddFilter("Microsoft", LogLevel.None).AddProvider(new SentenceLog(say)));

    /// <summary>A factory whose sentences all go to one place, whatever their level is.</summary>
    public static ILoggerFactory To(Action<string> say) => To((_, sentence) => say(sentence));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => say(logLevel, exception is null ? formatter(state, null) : $"{formatter(state, exception)}\n{exception}");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Whoever prints closes.
    }
}
