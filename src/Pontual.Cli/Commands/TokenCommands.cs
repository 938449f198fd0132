using System.CommandLine;
using System.Text.Json.Nodes;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual token …</c>: makes, lists and revokes API tokens.</summary>
internal static class TokenCommands
{
    public static Command Create() => CommandActions.Group("token", "Make, list and revoke API tokens", New(), List(), Revoke());

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "What it is for" };
        var scope = new Option<string>("--scope")
        {
            Description = "What it may do: read; operate (also run, cancel, pause); admin (everything)",
            HelpName = "SCOPE",
            DefaultValueFactory = _ => "operate",
        };
        scope.AcceptOnlyFromAmong("read", "operate", "admin");
        var expires = new Option<string?>("--expires")
        {
            Description = "When it ends, such as 2027-01-01T00:00:00Z; never unless said",
            HelpName = "TIME",
        };
        return new Command("create", "Make a token; it is shown once").Does(
            [name, scope, expires],
            async (session, cancellation) =>
            {
                var body = new JsonObject { ["name"] = session.Parsed.GetValue(name), ["scope"] = session.Parsed.GetValue(scope) };
                if (session.Parsed.GetValue(expires) is { } end)
                {
                    body["expires_at"] = end;
                }

                var api = await session.ConnectOrOpenAsync(mayCreate: true, cancellation);
                var token = await api.PostAsync("api/v1/tokens", body, cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(token);
                    return ExitCode.Ok;
                }

                session.Screen.Note($"Token {token.Text("id")} of scope {token.Text("scope")}. It is not shown again:");
                Screen.Raw($"{token.Text("token")}\n");
                return ExitCode.Ok;
            }
        );
    }

    private static Command List() =>
        new Command("list", "List tokens").Does(
            [],
            async (session, cancellation) =>
            {
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                var tokens = await api.GetAsync("api/v1/tokens", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(tokens);
                    return ExitCode.Ok;
                }

                var rows = tokens
                    .Items()
                    .Select(token =>
                        new[]
                        {
                            Words.Escape(token.Text("id")),
                            Words.Escape(token.Text("name")),
                            Words.Escape(token.Text("scope")),
                            Words.Time(token.Instant("created_at")),
                            Words.Time(token.Instant("last_used_at")),
                            token.Instant("revoked_at") is { } revoked ? $"[red]revoked {Words.Time(revoked)}[/]"
                            : token.Instant("expires_at") is { } expires ? $"until {Words.Time(expires)}"
                            : "",
                        }
                    );
                session.Screen.Table(["ID", "NAME", "SCOPE", "CREATED", "LAST USED", "HOLDS"], rows);
                return ExitCode.Ok;
            }
        );

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The token's id, as 'token list' shows it" };
        return new Command("revoke", "Revoke a token: it is refused from now on").Does(
            [id],
            async (session, cancellation) =>
            {
                var token = session.Parsed.GetValue(id)!;
                var api = await session.ConnectOrOpenAsync(mayCreate: false, cancellation);
                await api.SendAsync(HttpMethod.Delete, $"api/v1/tokens/{Uri.EscapeDataString(token)}", null, cancellation);
                session.Screen.Note($"Token {token} is revoked.");
                return ExitCode.Ok;
            }
        );
    }
}
