using System.Runtime.CompilerServices;

namespace Billing.Client;

internal static class CursorPages
{
    /// <summary>All items, page by page as they are asked for.</summary>
    public static async IAsyncEnumerable<TItem> AllAsync<TPage, TItem>(
        Func<string?, CancellationToken, Task<TPage>> read,
        Func<TPage, IReadOnlyList<TItem>> items,
        Func<TPage, string?> next,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellation).ConfigureAwait(false);
            foreach (var item in items(page))
            {
                yield return item;
            }

            cursor = next(page);
        }
        while (cursor is not null);
    }
}
