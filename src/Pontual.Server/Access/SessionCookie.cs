using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pontual.Engine.Access;

namespace Pontual.Server.Access;

/// <summary>The cookies of a login: the session's secret, and a sealed note by which a device is known again.</summary>
/// <remarks>Over HTTPS they carry the prefix <c>__Host-</c>: then no neighbouring site or plain connection can have set them.</remarks>
internal sealed class SessionCookie(Origins origins, SecretBox box, TimeProvider time)
{
    /// <summary>Name of the session's cookie over plain HTTP.</summary>
    public const string Name = "pontual";

    private const string Prefix = "__Host-";
    private const string Device = "pontual-device";
    private static readonly TimeSpan DeviceIsKnown = TimeSpan.FromDays(180);

    /// <summary>Whether a request brings a session's cookie.</summary>
    public static bool IsIn(HttpRequest request) => Read(request) is not null;

    /// <summary>The session's secret in a request; null for none.</summary>
    public static string? Read(HttpRequest request) => Read(request, Name);

    /// <summary>Gives the browser a session, and a note that this device is this user's.</summary>
    public void Write(HttpContext context, string secret, DateTimeOffset expiresAt, User user)
    {
        Set(context, Name, secret, expiresAt);
        var now = time.GetUtcNow();
        var note = box.Seal("device", user.Name.ToString(), now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Set(context, Device, note, now + DeviceIsKnown);
    }

    /// <summary>Takes the session from the browser; the device stays known.</summary>
    public static void Clear(HttpContext context)
    {
        foreach (var name in (string[])[Name, Prefix + Name])
        {
            if (context.Request.Cookies.ContainsKey(name))
            {
                context.Response.Cookies.Delete(name, Options(name.StartsWith(Prefix, StringComparison.Ordinal), expiresAt: null));
            }
        }
    }

    /// <summary>Whether the user of this name logged in from this device within the last 180 days.</summary>
    public bool IsKnownDevice(HttpRequest request, string name) =>
        Read(request, Device) is { } note
        && box.Open("device", name, note) is { } bytes
        && long.TryParse(Encoding.UTF8.GetString(bytes), CultureInfo.InvariantCulture, out var at)
        && time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(at) < DeviceIsKnown;

    /// <summary>Sets a cookie that scripts cannot read and other sites' forms do not send.</summary>
    public void Set(HttpContext context, string name, string value, DateTimeOffset? expiresAt)
    {
        var secure = origins.IsSecure(context.Request);
        context.Response.Cookies.Append(secure ? Prefix + name : name, value, Options(secure, expiresAt));
    }

    /// <summary>The value of a cookie of ours; null for none.</summary>
    public static string? Read(HttpRequest request, string name) =>
        request.Cookies[Prefix + name] is { Length: > 0 } secure ? secure
        : request.Cookies[name] is { Length: > 0 } plain ? plain
        : null;

    private static CookieOptions Options(bool secure, DateTimeOffset? expiresAt) =>
        new()
        {
            HttpOnly = true,
            Secure = secure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            Expires = expiresAt,
            IsEssential = true,
        };
}
