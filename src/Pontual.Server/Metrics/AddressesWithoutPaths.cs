using System.Diagnostics;
using OpenTelemetry;

namespace Pontual.Server.Metrics;

/// <summary>Leaves of the address in a span of an HTTP call only where it went. Some gateways, chats and webhooks have their key in the path, and the runtime
/// covers no more than the query.</summary>
internal sealed class AddressesWithoutPaths : BaseProcessor<Activity>
{
    private const string Address = "url.full";

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem(Address) is string text && Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            data.SetTag(Address, url.GetLeftPart(UriPartial.Authority));
        }
    }
}
