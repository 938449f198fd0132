using System.Text;

namespace Pontual.Engine.Executing;

/// <summary>Reads secrets from environment variables and files, anew at each call, so that a rotated secret needs no restart.</summary>
/// <param name="environment">Looks a variable up; null when it is not set. The product hands in <see cref="Environment.GetEnvironmentVariable(string)"/>.</param>
public sealed class Secrets(Func<string, string?> environment) : ISecrets
{
    /// <summary>Longest secret a file may hold, in bytes; a longer one is an error, since it is surely the wrong file.</summary>
    public const int LongestFile = 64 * 1024;

    private const string Open = "${";
    private const string Escape = "$${";

    /// <inheritdoc/>
    public string Resolve(string text, ICollection<string>? resolved = null) => Replace(text, ValueOf, resolved);

    /// <summary>Checks the shape of every reference in <paramref name="text"/> without reading any.</summary>
    /// <returns>What is wrong and how to mend it; null when nothing is.</returns>
    public static string? Problem(string text)
    {
        try
        {
            Replace(text, reference => Split(reference).Name, resolved: null);
            return null;
        }
        catch (SecretMissingException problem)
        {
            return problem.Message;
        }
    }

    private static string Replace(string text, Func<string, string> valueOf, ICollection<string>? resolved)
    {
        var at = text.IndexOf(Open, StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 32);
        var done = 0;
        for (; at >= 0; at = text.IndexOf(Open, done, StringComparison.Ordinal))
        {
            if (at > done && text[at - 1] == '$')
            {
                result.Append(text, done, at - 1 - done).Append(Open);
                done = at + Open.Length;
                continue;
            }

            result.Append(text, done, at - done);
            var end = text.IndexOf('}', at);
            if (end < 0)
            {
                throw new SecretMissingException(
                    $"A secret reference is not closed: end {Open}… with }}, or write {Escape} for a plain {Open}."
                );
            }

            var value = valueOf(text[(at + Open.Length)..end]);
            resolved?.Add(value);
            result.Append(value);
            done = end + 1;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    private string ValueOf(string reference)
    {
        var (isFile, name) = Split(reference);
        return isFile
            ? ReadFile(name)
            : environment(name)
                ?? throw new SecretMissingException(
                    $"${{env:{name}}} is not set: set the environment variable {name} for the Pontual process."
                );
    }

    private static (bool IsFile, string Name) Split(string reference)
    {
        var colon = reference.IndexOf(':');
        var name = reference[(colon + 1)..];
        return (colon < 0 || name.Length == 0 ? "" : reference[..colon]) switch
        {
            "env" => (false, name),
            "file" => (true, name),
            _ => throw new SecretMissingException(
                $"${{{reference}}} is no secret reference: use ${{env:NAME}} or ${{file:PATH}}, or write {Escape} for a plain {Open}."
            ),
        };
    }

    private static string ReadFile(string path)
    {
        var reference = $"${{file:{path}}}";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            var bytes = new byte[LongestFile + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LongestFile)
            {
                throw new SecretMissingException(
                    $"{reference} is larger than {LongestFile / 1024} KiB: that is no secret. Check the path."
                );
            }

            return TrimOneNewline(Encoding.UTF8.GetString(bytes, 0, length));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SecretMissingException($"{reference} cannot be read ({Cause(failure)}): check the path and who may read it.");
        }
    }

    private static string TrimOneNewline(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
        : text.EndsWith('\n') ? text[..^1]
        : text;

    private static string Cause(Exception failure) =>
        failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => "no such file",
            UnauthorizedAccessException => "not permitted",
            _ => failure.GetType().Name,
        };
}
