using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Pages;

/// <summary>Keeps other sites from sending our forms where there is no session yet: a value in the form must fit a cookie of ours, and the page be ours.</summary>
internal sealed class FormGuard(SessionCookie cookies, Origins origins, IRandomBytes random)
{
    /// <summary>The form's field.</summary>
    public const string Field = "form";

    private const string Cookie = "pontual-form";

    /// <summary>The field for a form that is shown now.</summary>
    public string FieldFor(HttpContext context)
    {
        var value = SessionCookie.Read(context.Request, Cookie);
        if (value is not { Length: 22 })
        {
            var bytes = new byte[16];
            random.Fill(bytes);
            value = Base64Url.EncodeToString(bytes);
            cookies.Set(context, Cookie, value, expiresAt: null);
        }

        return Page.Hidden(Field, Sessions.AntiforgeryOf(value));
    }

    /// <summary>The fields of a form that was sent from a page of ours; null for any other.</summary>
    public async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!origins.IsOwn(context.Request) || !context.Request.HasFormContentType)
        {
            return null;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return
            SessionCookie.Read(context.Request, Cookie) is { } value
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(form[Field].ToString()),
                Encoding.UTF8.GetBytes(Sessions.AntiforgeryOf(value))
            )
            ? form
            : null;
    }
}
