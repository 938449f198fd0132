using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Notices;

/// <summary><c>telegram: { token, chat, url }</c>: <c>sendMessage</c> of the Telegram Bot API, or of a server of one's own that understands it.</summary>
internal sealed class TelegramSender(HttpNotice http, NoticeWords words, ISecrets secrets) : INoticeSender
{
    /// <summary>Telegram takes no longer text.</summary>
    private const int LongestText = 4_096;
    private const string OwnServer = "https://api.telegram.org";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Kind => "telegram";

    public void Check(JsonElement settings, string path, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, path, problems, "token", "chat", "url") is not { } telegram)
        {
            return;
        }

        RouteSettings.Secret(telegram, "token", isRequired: true);
        RouteSettings.Required(telegram, "chat", "write the chat's id in quotes, such as \"-1001234567890\", or \"@channel\"");
        if (telegram.Has("url"))
        {
            RouteSettings.Address(telegram, "url");
        }
    }

    public Task SendAsync(AlertRoute route, Notice notice, CancellationToken cancellation)
    {
        var resolved = new ResolvedSecrets(secrets);
        var server = RouteSettings.Resolve(route.Settings, "url", resolved) ?? OwnServer;
        var token = RouteSettings.Resolve(route.Settings, "token", resolved);
        if (!Uri.TryCreate($"{server.TrimEnd('/')}/bot{token}/sendMessage", UriKind.Absolute, out var address))
        {
            throw new NoticeRefusedException("'url' is not an address of http or https");
        }

        var text = words.Of(route, notice);
        var body = new JsonObject
        {
            ["chat_id"] = RouteSettings.Resolve(route.Settings, "chat", resolved),
            ["text"] = text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…",
            ["disable_web_page_preview"] = true,
        };
        return http.PostAsync(
            address,
            notice,
            Encoding.UTF8.GetBytes(body.ToJsonString(Plain)),
            "application/json; charset=utf-8",
            resolved,
            [],
            cancellation
        );
    }
}
