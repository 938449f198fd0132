using System.Text;
using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Notices;

/// <summary><c>ntfy: { url, token }</c>: a plain POST whose body is the text, with ntfy's headers; anything that takes a text can be told so.</summary>
internal sealed class NtfySender(HttpNotice http, NoticeWords words, ISecrets secrets) : INoticeSender
{
    public string Kind => "ntfy";

    public void Check(JsonElement settings, string path, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, path, problems, "url", "token") is { } ntfy)
        {
            RouteSettings.Address(ntfy, "url");
            RouteSettings.Secret(ntfy, "token", isRequired: false);
        }
    }

    public Task SendAsync(AlertRoute route, Notice notice, CancellationToken cancellation)
    {
        var resolved = new ResolvedSecrets(secrets);
        var address = RouteSettings.ResolveAddress(route.Settings, "url", resolved);
        var headers = new List<KeyValuePair<string, string>>
        {
            // A header holds no other letters: RFC 2047 words are what ntfy reads.
            new("Title", $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(NoticeText.TitleOf(notice)))}?="),
            new("Priority", PriorityOf(notice)),
            new("Tags", notice.Kind == NoticeKind.Resolved ? "white_check_mark" : "warning"),
        };
        if (RouteSettings.Resolve(route.Settings, "token", resolved) is { } token)
        {
            headers.Add(new("Authorization", $"Bearer {token}"));
        }

        return http.PostAsync(
            address,
            notice,
            Encoding.UTF8.GetBytes(words.Of(route, notice)),
            "text/plain; charset=utf-8",
            resolved,
            headers,
            cancellation
        );
    }

    private static string PriorityOf(Notice notice) =>
        notice.Kind == NoticeKind.Resolved ? "default"
        : notice.Alert?.Severity is Severity.Critical ? "urgent"
        : notice.Alert?.Severity is Severity.Info ? "low"
        : "high";
}
