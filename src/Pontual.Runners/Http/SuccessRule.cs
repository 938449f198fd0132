using System.Text.Json;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Http;

/// <summary>Which answers are successes: by status, and optionally by a value in the JSON body.</summary>
/// <param name="Statuses">Inclusive ranges.</param>
/// <param name="Json">What the body must say; null for nothing.</param>
internal sealed record SuccessRule(IReadOnlyList<(int From, int To)> Statuses, JsonRule? Json)
{
    private const string StatusFix = "use \"2xx\", a status from 100 to 599, or a list of those";

    public static readonly SuccessRule Default = new([(200, 299)], Json: null);

    public bool AllowsStatus(int status)
    {
        foreach (var (from, to) in Statuses)
        {
            if (status >= from && status <= to)
            {
                return true;
            }
        }

        return false;
    }

    public static SuccessRule Read(JsonElement json, string path, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, path, problems, "status", "json") is not { } rule)
        {
            return Default;
        }

        var statuses = rule.Get("status") is { } status ? ReadStatuses(status, rule) : Default.Statuses;
        JsonRule? value = null;
        if (rule.Text("json", 500) is { } text && !JsonRule.TryParse(text, out value))
        {
            rule.Report("json", "json-rule", $"{DocumentText.Quote(text)} is no rule", "write PATH=VALUE, such as data.ok=true");
        }

        return new SuccessRule(statuses, value);
    }

    private static List<(int From, int To)> ReadStatuses(JsonElement json, DocumentObject rule)
    {
        var statuses = new List<(int From, int To)>();
        foreach (var item in json.ValueKind is JsonValueKind.Array ? json.EnumerateArray().ToList() : [json])
        {
            if (ReadStatus(item) is { } range)
            {
                statuses.Add(range);
            }
            else
            {
                rule.Report("status", "status", $"{DocumentText.Quote(item)} is no HTTP status", StatusFix);
            }
        }

        if (json.ValueKind is JsonValueKind.Array && json.GetArrayLength() == 0)
        {
            rule.Report("status", "status", "No status counts as success", StatusFix);
        }

        return statuses;
    }

    private static (int From, int To)? ReadStatus(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Number)
        {
            return json.TryGetInt32(out var number) && number is >= 100 and <= 599 ? (number, number) : null;
        }

        if (!DocumentText.TryRead(json, out var text) || text.Length != 3 || text[0] is < '1' or > '5')
        {
            return null;
        }

        var hundred = (text[0] - '0') * 100;
        return text.EndsWith("xx", StringComparison.OrdinalIgnoreCase) ? (hundred, hundred + 99)
            : int.TryParse(text, out var exact) ? (exact, exact)
            : null;
    }
}

/// <summary><c>path=value</c>: the value at a dotted path (<c>data.items.0.ok</c>, with or without a leading <c>$.</c>) must equal a JSON literal or a plain text.</summary>
internal sealed record JsonRule(string Path, string Value)
{
    public static bool TryParse(string text, out JsonRule? rule)
    {
        var equals = text.IndexOf('=');
        var path = equals < 0 ? "" : text[..equals].Trim();
        path = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        var valid = path.Length > 0 && path.Split('.').All(step => step.Length > 0);
        rule = valid ? new JsonRule(path, text[(equals + 1)..].Trim()) : null;
        return valid;
    }

    /// <returns>Null when the body keeps the rule; else what it says instead.</returns>
    public string? Breach(JsonElement body)
    {
        foreach (var step in Path.Split('.'))
        {
            if (body.ValueKind is JsonValueKind.Object && body.TryGetProperty(step, out var inner))
            {
                body = inner;
            }
            else if (
                body.ValueKind is JsonValueKind.Array
                && int.TryParse(step, out var index)
                && index >= 0
                && index < body.GetArrayLength()
            )
            {
                body = body[index];
            }
            else
            {
                return $"the answer has no {Path}, and it must be {Value}";
            }
        }

        var found = body.ValueKind is JsonValueKind.String ? body.GetString()! : body.GetRawText();
        var expected = Value is ['"', .., '"'] ? Value[1..^1] : Value;
        return found == expected ? null : $"the answer's {Path} is {DocumentText.Quote(found)}, and it must be {Value}";
    }
}
