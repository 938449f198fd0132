using System.Net;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Notices;

/// <summary><c>email: { host, port, tls, user, password, from, to }</c>: a mail by SMTP, with STARTTLS unless <c>tls: false</c> says otherwise.</summary>
internal sealed class EmailSender(NoticeWords words, ISecrets secrets) : INoticeSender
{
    private const int Submission = 587;

    public string Kind => "email";

    public void Check(JsonElement settings, string path, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, path, problems, "host", "port", "tls", "user", "password", "from", "to") is not { } email)
        {
            return;
        }

        RouteSettings.Required(email, "host", "write the name of the SMTP server");
        if (email.Integer("port", 1, 65_535) is 465)
        {
            email.Report("port", "port", "465 expects TLS from the first byte, which is not spoken here", "use 587, with STARTTLS");
        }

        email.Flag("tls");
        email.Text("user", 200);
        RouteSettings.Secret(email, "password", isRequired: email.Has("user"));
        CheckAddress(email, "from", RouteSettings.Required(email, "from", "write the sender's address: from: pontual@example.com"));
        CheckReceivers(email);
    }

    public async Task SendAsync(AlertRoute route, Notice notice, CancellationToken cancellation)
    {
        var resolved = new ResolvedSecrets(secrets);
        using var message = Message(route, notice, resolved);
        using var client = Client(route, resolved);
        try
        {
            await client.SendMailAsync(message, cancellation);
        }
        catch (SmtpException problem)
        {
            throw new NoticeRefusedException(resolved.Mask((problem.InnerException ?? problem).Message));
        }
    }

    private MailMessage Message(AlertRoute route, Notice notice, ResolvedSecrets resolved)
    {
        var message = new MailMessage
        {
            From = new MailAddress(RouteSettings.Resolve(route.Settings, "from", resolved)!),
            Subject = NoticeText.TitleOf(notice),
            SubjectEncoding = Encoding.UTF8,
            Body = $"{words.Of(route, notice)}\n{Details(route, notice)}",
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var receiver in route.Settings.GetProperty("to").EnumerateArray())
        {
            message.To.Add(receiver.GetString()!);
        }

        // Repeated deliveries are one mail to programs that mind it.
        message.Headers.Add("Message-ID", $"<{notice.Id}@pontual>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Pontual-Notice", notice.Kind);
        return message;
    }

    private static string Details(AlertRoute route, Notice notice)
    {
        if (route.Template is not null || notice.Alert is not { } alert)
        {
            return "";
        }

        var lines = new StringBuilder($"\nopened {alert.OpenedAt:u}\n");
        foreach (var (name, value) in alert.Facts)
        {
            lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {value}\n");
        }

        return lines.ToString();
    }

    private static SmtpClient Client(AlertRoute route, ResolvedSecrets resolved)
    {
        var settings = route.Settings;
        var client = new SmtpClient(RouteSettings.Resolve(settings, "host", resolved))
        {
            Port = settings.TryGetProperty("port", out var port) ? port.GetInt32() : Submission,
            EnableSsl = !settings.TryGetProperty("tls", out var tls) || tls.GetBoolean(),
        };
        if (RouteSettings.Resolve(settings, "user", resolved) is { } user)
        {
            client.Credentials = new NetworkCredential(user, RouteSettings.Resolve(settings, "password", resolved));
        }

        return client;
    }

    private static void CheckReceivers(DocumentObject email)
    {
        if (!email.Require("to", "write a list of addresses: to: [ops@example.com]") || email.Get("to") is not { } to)
        {
            return;
        }

        if (to.ValueKind is not JsonValueKind.Array || to.GetArrayLength() is 0 or > 50)
        {
            email.Report("to", "type", "'to' is not a list of 1 to 50 addresses", "write to: [ops@example.com]");
            return;
        }

        foreach (var one in to.EnumerateArray())
        {
            CheckAddress(email, "to", DocumentText.TryRead(one, out var text) ? text : "");
        }
    }

    private static void CheckAddress(DocumentObject email, string key, string? text)
    {
        if (text is not null && !MailAddress.TryCreate(text, out _))
        {
            email.Report(key, "address", $"'{text}' is not the address of a mailbox", "write it as name@example.com");
        }
    }
}
