using Pontual.Storage.Database;

namespace Pontual.Messaging.Retention;

/// <summary>Rows of a slice that are kept for a time and then deleted. Each slice registers its own.</summary>
/// <param name="Name">What they are, for the log.</param>
/// <param name="For">How long they are kept.</param>
/// <param name="DropAsync">Deletes the oldest that ended before an instant, so many at most, and answers how many went.</param>
internal sealed record KeptRows(
    string Name,
    Func<RetentionOptions, TimeSpan> For,
    Func<DatabaseSession, DateTimeOffset, int, ValueTask<int>> DropAsync
);
