using System.Collections.Concurrent;
using HandlebarsDotNet;
using Pontual.Engine.Alerts;
using Pontual.Engine.Alerts.Settings;

namespace Pontual.Runners.Notices;

/// <summary>The text of a notice: a route's own template, a Handlebars text over the notice, or the built-in line.</summary>
/// <remarks><c>{{text}} {{kind}} {{at}} {{tenant}} {{route}} {{alert.rule}} {{alert.subject}} {{alert.severity}} {{alert.summary}} {{alert.facts.NAME}}</c>.
/// Nothing is escaped: it is plain text.</remarks>
internal sealed class NoticeWords
{
    private const int MostKnown = 500;

    private readonly IHandlebars _handlebars = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
    private readonly ConcurrentDictionary<string, HandlebarsTemplate<object, object>> _known = new(StringComparer.Ordinal);

    /// <summary>The text. A template that fails is no reason to tell nothing: then it is the built-in line.</summary>
    public string Of(AlertRoute route, Notice notice)
    {
        if (route.Template is not { } template)
        {
            return NoticeText.Of(notice);
        }

        try
        {
            if (_known.Count > MostKnown)
            {
                _known.Clear();
            }

            return _known.GetOrAdd(template, text => _handlebars.Compile(text))(Values(notice));
        }
        catch (HandlebarsException problem)
        {
            return $"{NoticeText.Of(notice)} (the route's template fails: {problem.Message})";
        }
    }

    private static Dictionary<string, object?> Values(Notice notice) =>
        new()
        {
            ["id"] = notice.Id.ToString(),
            ["text"] = NoticeText.Of(notice),
            ["kind"] = notice.Kind,
            ["at"] = notice.At.ToString("u"),
            ["tenant"] = notice.Tenant.ToString(),
            ["route"] = notice.Route,
            ["alert"] = notice.Alert is not { } alert
                ? null
                : new Dictionary<string, object?>
                {
                    ["id"] = alert.Id.ToString(),
                    ["rule"] = alert.Key.Rule,
                    ["subject"] = alert.Key.Subject,
                    ["severity"] = AlertSettingsDocument.Word(alert.Severity),
                    ["summary"] = alert.Summary,
                    ["opened_at"] = alert.OpenedAt.ToString("u"),
                    ["resolved_at"] = alert.ResolvedAt?.ToString("u"),
                    ["facts"] = alert.Facts.ToDictionary(fact => fact.Key, fact => (object)fact.Value),
                },
        };
}
