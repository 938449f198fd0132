using System.Text.Json;
using Pontual.Engine.Alerts;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Notices;

/// <summary>Reads the settings of a way of telling, and puts the secrets in when a notice is sent.</summary>
internal static class RouteSettings
{
    private const int Longest = 2_000;

    /// <summary>A text that must be there.</summary>
    public static string? Required(DocumentObject settings, string key, string fix)
    {
        settings.Require(key, fix);
        var text = settings.Text(key, Longest);
        if (text is { Length: 0 })
        {
            settings.Report(key, "required", $"'{key}' is empty", fix);
        }

        return text;
    }

    /// <summary>A secret: what is stored must be where it is kept, never the secret itself.</summary>
    public static void Secret(DocumentObject settings, string key, bool isRequired)
    {
        var fix = $"write where it is kept: {key}: \"${{env:NAME}}\" or \"${{file:PATH}}\"";
        if (isRequired)
        {
            settings.Require(key, fix);
        }

        if (settings.Text(key, Longest) is { } text && !(text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}')))
        {
            settings.Report(key, "secret", $"'{key}' is a secret, and would be stored", fix);
        }
    }

    /// <summary>An address, or a reference to one that is secret.</summary>
    public static void Address(DocumentObject settings, string key)
    {
        var fix = $"write {key}: \"https://…\", or \"${{env:NAME}}\" where the address is secret";
        if (Required(settings, key, fix) is { Length: > 0 } text && !text.Contains("${", StringComparison.Ordinal) && !IsAddress(text))
        {
            settings.Report(key, "url", $"'{key}' is not an address of http or https", fix);
        }
    }

    /// <summary>The text of a key with its secrets; null when it is not there.</summary>
    /// <exception cref="NoticeRefusedException">A secret is not there.</exception>
    public static string? Resolve(JsonElement settings, string key, ResolvedSecrets secrets)
    {
        if (!settings.TryGetProperty(key, out var value) || value.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return secrets.Resolve(value.GetString()!);
        }
        catch (SecretMissingException missing)
        {
            throw new NoticeRefusedException(missing.Message);
        }
    }

    /// <summary>An address with its secrets.</summary>
    /// <exception cref="NoticeRefusedException">It is none.</exception>
    public static Uri ResolveAddress(JsonElement settings, string key, ResolvedSecrets secrets) =>
        Resolve(settings, key, secrets) is { } text && IsAddress(text)
            ? new Uri(text)
            : throw new NoticeRefusedException($"'{key}' is not an address of http or https");

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");
}
