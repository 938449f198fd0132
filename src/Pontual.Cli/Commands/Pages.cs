using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary>Reads lists that come in pages.</summary>
internal static class Pages
{
    /// <summary>All pages as one, <c>{"items": […]}</c>.</summary>
    /// <param name="api">Whom to ask.</param>
    /// <param name="path">The list's path with its query.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <param name="most">Most items to read.</param>
    public static async Task<JsonElement> ReadAllAsync(ApiClient api, string path, CancellationToken cancellation, int most = int.MaxValue)
    {
        var items = new JsonArray();
        string? cursor = null;
        do
        {
            var next = cursor is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}";
            var page = await api.GetAsync(next, cancellation);
            foreach (var item in page.Items().Take(most - items.Count))
            {
                items.Add(JsonNode.Parse(item.GetRawText()));
            }

            cursor = page.Text("next_cursor");
        } while (cursor is not null && items.Count < most);

        return JsonSerializer.SerializeToElement(new JsonObject { ["items"] = items });
    }
}
