using System.Globalization;
using Pontual.Engine.Alerts;
using Pontual.Runners.Http;

namespace Pontual.Runners.Notices;

/// <summary>Calls the address of a dead-man's switch elsewhere.</summary>
/// <param name="http">Sends.</param>
/// <param name="address">The address: whoever knows it can pretend that all is well, so it is in no message.</param>
internal sealed class Heartbeat(GuardedHttp http, Uri address) : IHeartbeat
{
    public async Task BeatAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "Pontual");
        using var answer = await http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode}"));
        }
    }
}
