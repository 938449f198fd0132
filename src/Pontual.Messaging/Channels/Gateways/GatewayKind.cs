namespace Pontual.Messaging.Channels.Gateways;

/// <summary>The gateways that Pontual speaks to.</summary>
public enum GatewayKind
{
    /// <summary>A wrapper around WPPConnect with <c>/api/channels</c> and <c>X-Gateway-Secret</c> (S3).</summary>
    Wrapper,

    /// <summary>WPPConnect-Server 2.</summary>
    WppConnect,

    /// <summary>Evolution API v2.</summary>
    Evolution,

    /// <summary>WAHA.</summary>
    Waha,

    /// <summary>The WhatsApp Cloud API of Meta.</summary>
    CloudApi,
}

/// <summary>The words for kinds of gateways, in settings and answers.</summary>
public static class GatewayKinds
{
    private static readonly (GatewayKind Kind, string Word)[] Words =
    [
        (GatewayKind.Wrapper, "wrapper"),
        (GatewayKind.WppConnect, "wppconnect"),
        (GatewayKind.Evolution, "evolution"),
        (GatewayKind.Waha, "waha"),
        (GatewayKind.CloudApi, "cloud-api"),
    ];

    /// <summary>All of them, for messages.</summary>
    public static string All { get; } = string.Join(", ", Words.Select(word => word.Word));

    /// <summary>The word for a kind.</summary>
    public static string Word(this GatewayKind kind) => Words.First(word => word.Kind == kind).Word;

    /// <returns>False when <paramref name="text"/> is none of the words.</returns>
    public static bool TryParse(string? text, out GatewayKind kind)
    {
        kind = Words.FirstOrDefault(word => word.Word == text).Kind;
        return text == kind.Word();
    }
}
