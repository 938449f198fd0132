using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Engine.Alerts;

/// <summary>Tries routes.</summary>
public interface INoticeTrial
{
    /// <summary>Tells a route, now and once, that this is a test.</summary>
    /// <returns>Why it was not taken; null when it was.</returns>
    Task<string?> TryAsync(TenantName tenant, AlertRoute route, CancellationToken cancellation);
}

/// <inheritdoc cref="INoticeTrial"/>
internal sealed class NoticeTrial(Courier courier, IRandomBytes random, TimeProvider time) : INoticeTrial
{
    public async Task<string?> TryAsync(TenantName tenant, AlertRoute route, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var notice = new Notice(RunId.New(now, random), tenant, route.Name, NoticeKind.Test, now, now, null);
        return (await courier.SendAsync(route, notice, cancellation))?.Message;
    }
}
