using Microsoft.AspNetCore.Http;
using Pontual.Engine.Audit;

namespace Pontual.Server.Access;

/// <summary>Who changes something by a request, for the audit log.</summary>
internal static class Callers
{
    /// <summary>Says why, in the caller's words; what is longer than <see cref="Engine.Audit.Actor.LongestReason"/> is cut.</summary>
    public const string ReasonHeader = "X-Pontual-Reason";

    /// <summary>The caller's name, address and reason.</summary>
    public static Actor Actor(this HttpContext context)
    {
        var reason = context.Request.Headers[ReasonHeader].ToString().Trim();
        return new Actor(
            context.User.Subject(),
            context.Connection.RemoteIpAddress?.ToString(),
            reason.Length == 0 ? null : reason[..Math.Min(reason.Length, Engine.Audit.Actor.LongestReason)]
        )
        {
            Name = Scopes.NameOf(context.User),
        };
    }
}
