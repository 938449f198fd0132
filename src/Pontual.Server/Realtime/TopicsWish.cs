using System.Security.Claims;
using Pontual.Engine.Tenants;
using Pontual.Server.Access;

namespace Pontual.Server.Realtime;

/// <summary>What a query asks to hear, before it is known whose it is.</summary>
/// <param name="Words">As a socket subscribes to.</param>
internal sealed record TopicsWish(IReadOnlyCollection<string> Words)
{
    /// <summary>Everything.</summary>
    public static TopicsWish All { get; } = new(["*"]);

    /// <summary>Reads <c>runs,job:NAME</c>.</summary>
    public static (TopicsWish Value, bool Valid) Read(string text)
    {
        var words = text.Split(',', StringSplitOptions.TrimEntries);
        return (new TopicsWish(words), Subscription.TryRead(words, TenantName.Default, out _, out _));
    }

    /// <summary>The same of a caller's tenant.</summary>
    public Subscription Of(ClaimsPrincipal caller) =>
        Subscription.TryRead(Words, caller.Tenant(), out var wanted, out var wrong)
            ? wanted
            : throw new ArgumentException($"'{wrong}' was not checked.", nameof(caller));
}
