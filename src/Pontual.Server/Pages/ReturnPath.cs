namespace Pontual.Server.Pages;

/// <summary>Where a login leads: a path of this server and nowhere else.</summary>
internal static class ReturnPath
{
    /// <summary>Where it leads unless said.</summary>
    public const string Usual = "/docs";

    private const int Longest = 2_000;

    /// <summary>The path that was asked for when it can only be one of ours; else the usual one.</summary>
    public static string Of(string? asked) => asked is not null && IsLocal(asked) ? asked : Usual;

    // Browsers read "//host" and "/\host" as another host, take backslashes for slashes, and drop tabs and line ends.
    private static bool IsLocal(string path) =>
        path.Length is > 0 and <= Longest
        && path[0] == '/'
        && !path.StartsWith("//", StringComparison.Ordinal)
        && path.All(letter => letter is > ' ' and < '\x7f' and not '\\');
}
