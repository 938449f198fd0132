using System.Net.Http.Headers;
using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>Talks to the server of a data folder over HTTP, as its discovery file allows.</summary>
internal static class LocalAdministrator
{
    public static async Task<HttpClient> OfAsync(string dataFolder)
    {
        using var discovery = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(dataFolder, "server.json")));
        var url = discovery.RootElement.GetProperty("url").GetString()!;
        var client = new HttpClient { BaseAddress = new Uri(url.TrimEnd('/') + "/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            discovery.RootElement.GetProperty("token").GetString()
        );
        return client;
    }
}
