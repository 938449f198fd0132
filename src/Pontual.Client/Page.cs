using System.Runtime.CompilerServices;

namespace Pontual.Client;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="NextCursor">Hand it in as <c>cursor</c> for the next page; null at the end.</param>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Walks lists page by page.</summary>
internal static class Pages
{
    /// <param name="read">Reads the page at a cursor.</param>
    /// <param name="cancellation">Stops.</param>
    public static async IAsyncEnumerable<T> AllAsync<T>(
        Func<string?, CancellationToken, Task<Page<T>>> read,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            cursor = page.NextCursor;
        } while (cursor is not null);
    }
}
