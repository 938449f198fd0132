using System.Text.Json;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>A wish for a user.</summary>
internal sealed record NewUser(UserName Name, TokenScope Role, string Password)
{
    /// <summary>Leaves the password out, wherever it is written.</summary>
    public override string ToString() => $"{nameof(NewUser)} {{ Name = {Name}, Role = {Role} }}";
}

/// <summary>Reads bodies about users.</summary>
internal static class UserBody
{
    private static readonly Dictionary<string, TokenScope> Roles = Enum.GetValues<TokenScope>().ToDictionary(Scopes.RoleOf);

    /// <returns>Null when something is wrong, which is reported.</returns>
    public static NewUser? ReadNew(JsonElement json, TenantName tenant, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, "", problems, "name", "role", "password") is not { } body)
        {
            return null;
        }

        body.Require("name", UserName.Rule);
        body.Require("role", "use one of viewer, operator, admin");
        var text = body.Text("name", 128);
        if (text is not null && !UserName.TryParse(text, out _))
        {
            body.Report("name", "name", $"{DocumentText.Quote(text)} is not a user's name", UserName.Rule);
        }

        body.TryWord("role", Roles, out var role);
        var password = SecretText.NewPassword(body, "password", text ?? "");
        return problems.Count > 0 || password is null ? null : new NewUser(UserName.Parse(text!).In(tenant), role, password);
    }

    /// <returns>Null when something is wrong, which is reported.</returns>
    public static (TokenScope Role, bool Disabled)? ReadEdit(JsonElement json, string name, List<DocumentProblem> problems)
    {
        string[] keys = ["role", "disabled", "name", "tenant", "totp", "revision", "created_at", "updated_at", "last_login_at"];
        if (DocumentObject.Open(json, "", problems, keys) is not { } body)
        {
            return null;
        }

        body.Require("role", "use one of viewer, operator, admin");
        body.TryWord("role", Roles, out var role);
        if (body.Text("name", 128) is { } other && other != name)
        {
            body.Report(
                "name",
                "mismatch",
                $"the body says {DocumentText.Quote(other)} and the path another name",
                "names stay: make a new user"
            );
        }

        var disabled = body.Flag("disabled") ?? false;
        return problems.Count > 0 ? null : (role, disabled);
    }
}
