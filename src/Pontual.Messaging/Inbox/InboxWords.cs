using System.Text.Json;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Messaging.Inbox;

/// <summary>The words that stand in the database for values of ours.</summary>
internal static class InboxWords
{
    private static readonly Dictionary<string, RejectionCause> Causes = Enum.GetValues<RejectionCause>().ToDictionary(Of);
    private static readonly Dictionary<string, WebhookState> States = Enum.GetValues<WebhookState>().ToDictionary(Of);
    private static readonly Dictionary<string, MessageSource> Sources = Enum.GetValues<MessageSource>().ToDictionary(Of);

    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static WebhookState State(string word) => States[word];

    public static MessageSource Source(string word) => Sources[word];

    /// <summary>A word of a later version is one of the others.</summary>
    public static RejectionCause? Cause(string? word) => word is null ? null : Causes.GetValueOrDefault(word, RejectionCause.Other);
}
