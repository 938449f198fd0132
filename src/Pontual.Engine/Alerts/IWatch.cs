namespace Pontual.Engine.Alerts;

/// <summary>Looks for one sort of trouble.</summary>
/// <remarks>One node asks all watches every few seconds, and it may be another one each time: a watch finds what it finds from what the database says, keeps
/// nothing, and answers quickly.</remarks>
public interface IWatch
{
    /// <summary>The rules it finds for. When a look fails, their alerts stay as they are.</summary>
    IReadOnlyList<string> Rules { get; }

    /// <summary>All that is wrong now.</summary>
    /// <param name="now">The instant of the look.</param>
    /// <param name="cancellation">Stops looking.</param>
    Task<IReadOnlyList<Finding>> LookAsync(DateTimeOffset now, CancellationToken cancellation);
}
