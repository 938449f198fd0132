using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;
using Pontual.Runners.Http;

namespace Pontual.Runners.Sql;

/// <summary>Reads a <c>sql</c> target's settings and says all that is wrong with them at once.</summary>
internal static partial class SqlTargetReader
{
    private const int MostSettings = 100;
    private const int LongestValue = 8000;
    private const string ByParameters = "values reach a statement as settings: current_setting('pontual.parameters')::jsonb ->> 'NAME'";
    private const string BySettings = "give it a name under settings and read it with current_setting('app.NAME')";

    /// <param name="settings">As written.</param>
    /// <param name="whyNotOwn">Why the connection may not be left out; null where the installation's own PostgreSQL stands in for it.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null when something is wrong; it is then in <paramref name="problems"/>.</returns>
    public static SqlTarget? Read(JsonElement settings, string? whyNotOwn, ICollection<DocumentProblem> problems)
    {
        if (DocumentObject.Open(settings, "", problems, "connection", "statement", "settings") is not { } target)
        {
            return null;
        }

        var read = new SqlTarget(
            ReadConnection(target, whyNotOwn),
            ReadStatement(target),
            target.Get("settings") is { } values ? ReadSettings(values, problems) : []
        );
        return problems.Count == 0 ? read : null;
    }

    private static ConnectionText? ReadConnection(DocumentObject target, string? whyNotOwn)
    {
        if (!target.Has("connection"))
        {
            if (whyNotOwn is not null)
            {
                target.Report("connection", "required", $"'connection' is missing, and {whyNotOwn}", ConnectionText.Fix);
            }

            return null;
        }

        var text = target.Text("connection", LongestValue, ConnectionText.Fix);
        var connection = ConnectionText.Parse(text ?? "", out var problem);
        if (text is not null && problem is not null)
        {
            target.Report("connection", problem.Rule, problem.Message, problem.Fix);
        }

        return connection;
    }

    private static string ReadStatement(DocumentObject target)
    {
        const string Fix = "write the SQL to run";
        target.Require("statement", Fix);
        if (target.Text("statement", DocumentText.LongestText) is not { } text)
        {
            return "";
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            target.Report("statement", "empty", "The statement is empty", Fix);
        }

        // Only what looks like one of ours: {{1,2},{3,4}} is an array of PostgreSQL's.
        if (Braces().Matches(text).FirstOrDefault(match => TemplateValues.Knows(match.Groups[1].Value)) is { } variable)
        {
            target.Report("statement", "template", $"{variable.Value} is not filled in inside SQL", ByParameters);
        }

        if (Reference().Match(text) is { Success: true } secret)
        {
            target.Report("statement", "secret", $"{secret.Value} is not filled in inside SQL", BySettings);
        }

        return text;
    }

    private static List<(string Name, Template Value)> ReadSettings(JsonElement json, ICollection<DocumentProblem> problems)
    {
        var settings = new List<(string Name, Template Value)>();
        if (DocumentObject.Open(json, "/settings", problems) is not { } read)
        {
            return settings;
        }

        foreach (var name in read.Keys)
        {
            if (!Name().IsMatch(name))
            {
                read.Report(
                    name,
                    "setting",
                    $"{DocumentText.Quote(name)} is not the name of a setting",
                    "use letters, digits and _, parted by dots: work_mem, app.settings.key"
                );
            }
            else if (name.StartsWith("pontual.", StringComparison.OrdinalIgnoreCase))
            {
                read.Report(name, "setting", $"{name} is set by Pontual", "leave it out");
            }

            settings.Add((name, ReadValue(read, name, problems)));
        }

        if (settings.Count > MostSettings)
        {
            problems.Add(new("/settings", "length", $"There are {settings.Count} settings", $"use at most {MostSettings}"));
        }

        return settings;
    }

    private static Template ReadValue(DocumentObject settings, string name, ICollection<DocumentProblem> problems)
    {
        var text = settings.Get(name) switch
        {
            { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } plain => plain.GetRawText(),
            _ => settings.Text(name, LongestValue, "write a text, a number, true or false") ?? "",
        };
        var template = Template.Parse(text, out var problem);
        if (problem is not null)
        {
            problems.Add(new(settings.PathOf(name), "template", problem, "mend the text"));
        }

        return template;
    }

    [GeneratedRegex(@"\{\{\s*([a-z_.A-Z0-9-]+)\s*\}\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\$\{(?:env|file):[^}]*\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_$]{0,62}(?:\.[A-Za-z_][A-Za-z0-9_$]{0,62}){0,7}\z")]
    private static partial Regex Name();
}
