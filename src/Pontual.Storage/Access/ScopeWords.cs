using Pontual.Engine.Access;

namespace Pontual.Storage.Access;

/// <summary>What a token or user may do, as the databases write it.</summary>
internal static class ScopeWords
{
    public static string Of(TokenScope scope) =>
        scope switch
        {
            TokenScope.Read => "read",
            TokenScope.Operate => "operate",
            TokenScope.Admin => "admin",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
        };

    public static TokenScope Parse(string word) =>
        word switch
        {
            "read" => TokenScope.Read,
            "operate" => TokenScope.Operate,
            "admin" => TokenScope.Admin,
            _ => throw new ArgumentOutOfRangeException(nameof(word), word, null),
        };
}
