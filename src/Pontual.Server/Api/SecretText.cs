using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Reads passwords and codes from a body; unlike other texts, what is wrong about them is said without quoting them.</summary>
internal static class SecretText
{
    private const int Longest = 1_000;

    /// <summary>The text under a key, of any length up to 1,000; null when it is omitted or none, which is reported.</summary>
    public static string? Of(DocumentObject body, string key)
    {
        if (body.Get(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String && DocumentText.TryRead(value, out var text) && text.Length <= Longest)
        {
            return text;
        }

        body.Report(key, "type", $"'{key}' is not a text of at most {Longest} characters", "put it in quotes");
        return null;
    }

    /// <summary>A password that somebody chose; null when it is missing or will not do, which is reported.</summary>
    public static string? NewPassword(DocumentObject body, string key, string name)
    {
        body.Require(key, "choose a password");
        var password = Of(body, key);
        if (password is null || Passwords.ProblemOf(password, name) is not { } problem)
        {
            return password;
        }

        var (message, fix) = problem switch
        {
            PasswordProblem.TooShort => (
                $"a password needs {Passwords.Shortest} characters or more",
                "choose a longer one, such as four words"
            ),
            PasswordProblem.TooLong => ($"the password has more than {Passwords.Longest} characters", "choose a shorter one"),
            PasswordProblem.IsName => ("the password is the name", "choose another one"),
            _ => ("the password has fewer than four different characters", "choose another one"),
        };
        body.Report(key, "password", message, fix);
        return null;
    }
}
