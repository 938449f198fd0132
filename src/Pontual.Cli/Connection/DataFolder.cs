namespace Pontual.Cli.Connection;

/// <summary>Where a server on this machine keeps what it knows, and how other commands find it.</summary>
internal static class DataFolder
{
    /// <summary>The folder that was named, or the usual one of this user.</summary>
    public static string Of(string? named) =>
        Path.GetFullPath(
            NotEmpty(named) ?? NotEmpty(Environment.GetEnvironmentVariable("PONTUAL_DATA")) ?? Path.Combine(UserData(), "pontual")
        );

    /// <summary>The demonstration keeps its own, apart from real work.</summary>
    public static string OfDemo(string? named) => NotEmpty(named) is { } folder ? Path.GetFullPath(folder) : Path.Combine(Of(null), "demo");

    private static string UserData() =>
        NotEmpty(Environment.GetEnvironmentVariable("XDG_DATA_HOME"))
        ?? NotEmpty(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData))
        ?? Path.Combine(Path.GetTempPath(), Environment.UserName);

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
