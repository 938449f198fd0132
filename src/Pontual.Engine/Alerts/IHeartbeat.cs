namespace Pontual.Engine.Alerts;

/// <summary>Says to somebody outside that this installation watches: when it falls silent, he raises the alarm.</summary>
public interface IHeartbeat
{
    /// <summary>Says it once.</summary>
    /// <exception cref="HttpRequestException">It was not taken; the message has no secrets.</exception>
    Task BeatAsync(CancellationToken cancellation);
}
