using System.Data.Common;
using System.Text.RegularExpressions;
using Npgsql;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Runners.Http;

namespace Pontual.Runners.Sql;

/// <summary>A connection string of PostgreSQL as a person wrote it: words with values, or one reference to a secret that holds it whole.</summary>
/// <remarks>It is cut into words before any secret is read, so that a password may contain whatever it likes.</remarks>
internal sealed partial class ConnectionText
{
    /// <summary>What to write, for messages.</summary>
    public const string Fix = "write Host=…;Database=…;Username=…;Password=${env:NAME}, or ${env:NAME} for a connection string as a whole";

    private readonly string? _whole;
    private readonly IReadOnlyList<(string Word, string Value)> _words;

    private ConnectionText(string? whole, IReadOnlyList<(string Word, string Value)> words) => (_whole, _words) = (whole, words);

    /// <param name="text">As written.</param>
    /// <param name="problem">What is wrong (its path is empty); null when nothing is. Never quotes a value, which may be a password.</param>
    public static ConnectionText Parse(string text, out DocumentProblem? problem)
    {
        problem = Secrets.Problem(text) is { } wrong ? new("", "secret", wrong, "correct the reference") : null;
        if (problem is not null || Reference().IsMatch(text))
        {
            return new ConnectionText(text, []);
        }

        var words = IsUrl(text) ? null : Cut(text);
        problem = words is null ? new("", "connection", $"It is no connection string{UrlHint(text)}", Fix) : Problem(words);
        return new ConnectionText(null, words ?? []);
    }

    /// <summary>The connection string with its secrets in place.</summary>
    /// <exception cref="TargetException">A secret holds something else.</exception>
    /// <exception cref="SecretMissingException">A secret is missing.</exception>
    public NpgsqlConnectionStringBuilder Resolve(ResolvedSecrets secrets)
    {
        var text = _whole is null ? "" : secrets.Resolve(_whole);
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            foreach (var (word, value) in _words)
            {
                settings[word] = secrets.Resolve(value);
            }

            return settings.Host is not null ? settings : throw new TargetException($"The target's /connection names no host: {Fix}");
        }
        catch (Exception wrong) when (IsRefusal(wrong))
        {
            throw new TargetException($"What the target's /connection refers to is no connection string of Npgsql{UrlHint(text)}: {Fix}");
        }
    }

    private static List<(string Word, string Value)>? Cut(string text)
    {
        try
        {
            var cut = new DbConnectionStringBuilder { ConnectionString = text };
            return [.. cut.Keys.Cast<string>().Select(word => (word, (string)cut[word]))];
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static DocumentProblem? Problem(List<(string Word, string Value)> words)
    {
        var hasHost = false;
        foreach (var (word, value) in words)
        {
            if (!new NpgsqlConnectionStringBuilder().ContainsKey(word))
            {
                return new("", "connection", $"{DocumentText.Quote(word)} is no word of a connection string", Fix);
            }

            // What a reference stands for can only be judged when it is read.
            var hasReference = value.Contains("${", StringComparison.Ordinal);
            var alone = Alone(word, hasReference ? "1" : value);
            if (alone is null && !hasReference)
            {
                return new("", "connection", $"The value of {DocumentText.Quote(word)} is wrong", Fix);
            }

            if ((alone?.Password ?? alone?.SslPassword) is not null && !Reference().IsMatch(value))
            {
                return new("", "password", "A password is written out, and would be stored and shown with the job", Fix);
            }

            hasHost |= alone?.Host is not null;
        }

        return hasHost ? null : new("", "connection", "It names no host", Fix);
    }

    private static NpgsqlConnectionStringBuilder? Alone(string word, string value)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder { [word] = value };
        }
        catch (Exception wrong) when (IsRefusal(wrong))
        {
            return null;
        }
    }

    private static bool IsRefusal(Exception wrong) =>
        wrong is ArgumentException or FormatException or OverflowException or InvalidCastException or NotSupportedException;

    private static string UrlHint(string text) => IsUrl(text) ? " but a URL" : "";

    private static bool IsUrl(string text) => text.Contains("://", StringComparison.Ordinal);

    [GeneratedRegex(@"\A\s*\$\{[^}]+\}\s*\z")]
    private static partial Regex Reference();
}
