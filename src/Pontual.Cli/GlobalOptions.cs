using System.CommandLine;

namespace Pontual.Cli;

/// <summary>Options that every verb takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "The server to talk to (else PONTUAL_SERVER, else the one that runs on the data folder)",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string?> Token = new("--token")
    {
        Description = "An API token (else PONTUAL_TOKEN, else the local administrator's)",
        HelpName = "TOKEN",
        Recursive = true,
    };

    public static readonly Option<string?> Tenant = new("--tenant")
    {
        Description = "Whose jobs to see and change, with a token of the whole installation (else PONTUAL_TENANT, else the token's tenant)",
        HelpName = "NAME",
        Recursive = true,
    };

    public static readonly Option<string?> Why = new("--why")
    {
        Description = "Why, for the audit log",
        HelpName = "TEXT",
        Recursive = true,
    };

    public static readonly Option<string?> Data = new("--data")
    {
        Description = "The data folder (else PONTUAL_DATA, else ~/.local/share/pontual)",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "Keep everything in this PostgreSQL instead of in the data folder",
        HelpName = "CONNECTION",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON", Recursive = true };

    public static void AddTo(RootCommand root)
    {
        foreach (var option in (Option[])[Server, Token, Tenant, Why, Data, Postgres, Json])
        {
            root.Add(option);
        }
    }
}
