using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Notices;

/// <summary><c>slack: { url }</c>: an incoming webhook of Slack, or of what understands the same (Mattermost, Rocket.Chat, Discord with <c>/slack</c>).</summary>
internal sealed class SlackSender(HttpNotice http, NoticeWords words, ISecrets secrets) : INoticeSender
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Kind => "slack";

    public void Check(JsonElement settings, string path, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, path, problems, "url") is { } slack)
        {
            RouteSettings.Secret(slack, "url", isRequired: true);
        }
    }

    public Task SendAsync(AlertRoute route, Notice notice, CancellationToken cancellation)
    {
        var resolved = new ResolvedSecrets(secrets);
        var address = RouteSettings.ResolveAddress(route.Settings, "url", resolved);
        var text = Escape(words.Of(route, notice));
        var body = new JsonObject
        {
            ["text"] = text,
            ["attachments"] = notice.Alert is { } alert
                ? new JsonArray(
                    new JsonObject
                    {
                        ["color"] = ColorOf(notice, alert),
                        ["fields"] = Fields(alert),
                        ["fallback"] = text,
                    }
                )
                : new JsonArray(),
        };
        return http.PostAsync(
            address,
            notice,
            System.Text.Encoding.UTF8.GetBytes(body.ToJsonString(Plain)),
            "application/json; charset=utf-8",
            resolved,
            [],
            cancellation
        );
    }

    private static JsonArray Fields(Alert alert) =>
        [
            .. alert
                .Facts.Take(10)
                .Select(fact => new JsonObject
                {
                    ["title"] = Escape(fact.Key),
                    ["value"] = Escape(fact.Value),
                    ["short"] = true,
                }),
        ];

    private static string ColorOf(Notice notice, Alert alert) =>
        notice.Kind == NoticeKind.Resolved ? "good"
        : alert.Severity is Severity.Critical ? "danger"
        : "warning";

    // Three letters are special to Slack; a summary must not be able to mention everybody.
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
