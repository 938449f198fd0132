using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual user …</c>: makes, lists, edits and removes who logs in.</summary>
internal static class UserCommands
{
    public static Command Create() =>
        CommandActions.Group(
            "user",
            "Make, list, edit and remove users",
            New(),
            List(),
            Show(),
            SetRole(),
            SetPassword(),
            UserTotpCommand.Create(),
            SetState("disable", "Refuse a user's logins and end its sessions", disabled: true),
            SetState("enable", "Let a disabled user log in again", disabled: false),
            Remove()
        );

    /// <summary>A user's name.</summary>
    public static Argument<string> NameArgument() => new("name") { Description = "The user's name, as 'user list' shows it" };

    /// <summary>Where a user is.</summary>
    public static string PathOf(string name) => $"api/v1/users/{Uri.EscapeDataString(name)}";

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "What the user logs in with; an e-mail address will do" };
        var role = Role();
        return new Command("create", "Make a user; the password is asked for, or read from standard input").Does(
            [name, role],
            async (session, cancellation) =>
            {
                var body = new JsonObject { ["name"] = session.Parsed.GetValue(name), ["role"] = session.Parsed.GetValue(role) };
                var api = await session.ConnectOrOpenAsync(mayCreate: true, cancellation);
                body["password"] = PasswordPrompt.Ask(session.Screen);
                return Told(session, await api.PostAsync("api/v1/users", body, cancellation), "is made");
            }
        );
    }

    private static Command List() =>
        new Command("list", "List users").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var users = await api.GetAsync("api/v1/users?limit=500", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(users);
                    return ExitCode.Ok;
                }

                var rows = users
                    .Items()
                    .Select(user =>
                        new[]
                        {
                            Words.Escape(user.Text("name")),
                            Words.Escape(user.Text("role")),
                            user.Flag("totp") ? "yes" : "",
                            Words.Time(user.Instant("last_login_at")),
                            user.Flag("disabled") ? "[red]disabled[/]" : "",
                        }
                    );
                session.Screen.Table(["NAME", "ROLE", "CODES", "LAST LOGIN", "STATE"], rows);
                return ExitCode.Ok;
            }
        );

    private static Command Show()
    {
        var name = NameArgument();
        return new Command("show", "Show a user").Does(
            [name],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var user = await api.GetAsync(PathOf(session.Parsed.GetValue(name)!), cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(user);
                    return ExitCode.Ok;
                }

                session.Screen.Facts([
                    ("name", Words.Escape(user.Text("name"))),
                    ("tenant", Words.Escape(user.Text("tenant"))),
                    ("role", Words.Escape(user.Text("role"))),
                    ("state", user.Flag("disabled") ? "[red]disabled[/]" : "may log in"),
                    ("codes", user.Flag("totp") ? "asked for" : "none"),
                    ("made", Words.Time(user.Instant("created_at"))),
                    ("last login", Words.Time(user.Instant("last_login_at"))),
                ]);
                return ExitCode.Ok;
            }
        );
    }

    private static Command SetRole()
    {
        var name = NameArgument();
        var role = new Argument<string>("role") { Description = "viewer, operator or admin" };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        return new Command("set-role", "Set what a user may do").Does(
            [name, role],
            (session, cancellation) =>
                EditAsync(
                    session,
                    session.Parsed.GetValue(name)!,
                    user => user["role"] = session.Parsed.GetValue(role),
                    $"is {session.Parsed.GetValue(role)}",
                    cancellation
                )
        );
    }

    private static Command SetState(string verb, string description, bool disabled)
    {
        var name = NameArgument();
        return new Command(verb, description).Does(
            [name],
            (session, cancellation) =>
                EditAsync(
                    session,
                    session.Parsed.GetValue(name)!,
                    user => user["disabled"] = disabled,
                    disabled ? "is disabled" : "may log in",
                    cancellation
                )
        );
    }

    private static Command SetPassword()
    {
        var name = NameArgument();
        return new Command("set-password", "Set a user's password and end its sessions; asked for, or read from standard input").Does(
            [name],
            async (session, cancellation) =>
            {
                var user = session.Parsed.GetValue(name)!;
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var body = new JsonObject { ["password"] = PasswordPrompt.Ask(session.Screen) };
                await api.PostAsync($"{PathOf(user)}/password", body, cancellation);
                session.Screen.Note($"The password of {user} is set; its sessions have ended.");
                return ExitCode.Ok;
            }
        );
    }

    private static Command Remove()
    {
        var name = NameArgument();
        return new Command("remove", "Remove a user and end its sessions").Does(
            [name],
            async (session, cancellation) =>
            {
                var user = session.Parsed.GetValue(name)!;
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                await api.SendAsync(HttpMethod.Delete, PathOf(user), null, cancellation);
                session.Screen.Note($"User {user} is removed.");
                return ExitCode.Ok;
            }
        );
    }

    private static async Task<int> EditAsync(
        Session session,
        string name,
        Action<JsonObject> edit,
        string what,
        CancellationToken cancellation
    )
    {
        var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
        var stored = await api.GetAsync(PathOf(name), cancellation);
        var user = JsonObject.Create(stored)!;
        edit(user);
        var answer = await api.SendAsync(HttpMethod.Put, PathOf(name), user, cancellation, ifMatch: $"\"{stored.Text("revision")}\"");
        return Told(session, answer, what);
    }

    private static int Told(Session session, JsonElement user, string what)
    {
        if (session.Screen.Json)
        {
            Screen.Write(user);
        }
        else
        {
            session.Screen.Note($"User {user.Text("name")} {what}.");
        }

        return ExitCode.Ok;
    }

    private static Option<string> Role()
    {
        var role = new Option<string>("--role")
        {
            Description = "What the user may do: viewer; operator (also run, cancel, pause); admin (everything)",
            HelpName = "ROLE",
            DefaultValueFactory = _ => "viewer",
        };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        return role;
    }
}
