using System.CommandLine;
using System.Text.Json.Nodes;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual user totp</c>: sets up a user's codes in two steps, or takes them away.</summary>
internal static class UserTotpCommand
{
    public static Command Create()
    {
        var name = UserCommands.NameArgument();
        var code = new Option<string?>("--code")
        {
            Description = "The first code that the app shows: confirms the secret",
            HelpName = "CODE",
        };
        var remove = new Option<bool>("--remove") { Description = "Take the user's codes away" };
        return new Command("totp", "Set up codes of an app: first without --code for the secret, then with it").Does(
            [name, code, remove],
            async (session, cancellation) =>
            {
                var user = session.Parsed.GetValue(name)!;
                var path = $"{UserCommands.PathOf(user)}/totp";
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                if (session.Parsed.GetValue(remove))
                {
                    await api.SendAsync(HttpMethod.Delete, path, null, cancellation);
                    session.Screen.Note($"{user} logs in by password alone.");
                    return ExitCode.Ok;
                }

                var first = session.Parsed.GetValue(code);
                var body = first is null ? new JsonObject() : new JsonObject { ["code"] = first };
                var answer = await api.PostAsync(path, body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(answer);
                    return ExitCode.Ok;
                }

                if (first is null)
                {
                    session.Screen.Note(
                        $"Add this secret to an authenticator app, then: pontual user totp {user} --code CODE. It is not shown again:"
                    );
                    Screen.Raw($"{answer.Text("secret")}\n{answer.Text("uri")}\n");
                    return ExitCode.Ok;
                }

                session.Screen.Note(
                    "Codes are asked for from now on. Each of these logs in once without the app; they are not shown again:"
                );
                Screen.Raw(string.Concat(answer.Items("recovery_codes").Select(one => $"{one.GetString()}\n")));
                return ExitCode.Ok;
            }
        );
    }
}
