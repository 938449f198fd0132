namespace Pontual.Messaging.Channels.Gateways.WppConnect;

/// <summary>The ids of WPPConnect.</summary>
internal static class WppConnectIds
{
    private const int LongestPhone = 14;

    /// <summary>The part of a message's id that stays the same wherever it is told: <c>3EB0AA</c> of <c>true_5511999990000@c.us_3EB0AA_out</c>.</summary>
    /// <remarks>The parts around it do not: an answer names the number, the ack of the same message may name the lid, and <c>_out</c> comes and goes.</remarks>
    public static string MessageOf(string id)
    {
        var parts = id.Split('_');
        return parts is ["true" or "false", _, { Length: > 0 } own, ..] ? own : id;
    }

    /// <summary>Whether a message's id says that it is ours; null when it does not say.</summary>
    public static bool? IsOurs(string id) =>
        id.StartsWith("true_", StringComparison.Ordinal) ? true
        : id.StartsWith("false_", StringComparison.Ordinal) ? false
        : null;

    /// <summary>How a recipient is named in a call. Null when it is not one recipient: a comma would make it several, and then a 400 says nothing.</summary>
    public static Recipient? RecipientOf(string to)
    {
        var at = to.IndexOf('@', StringComparison.Ordinal);
        var (name, server) = at < 0 ? (to.TrimStart('+'), "") : (to[..at], to[at..]);
        var isSimple = name.Length > 0 && name.All(c => char.IsAsciiDigit(c) || (server is "@g.us" && c is '-'));
        return !isSimple
            ? null
            : server switch
            {
                "@g.us" => new Recipient(name, IsGroup: true),
                "@newsletter" => new Recipient(name, IsNewsletter: true),
                "@lid" => new Recipient(name, IsLid: true),
                // The server takes more than 14 digits for a lid anyway: said outright it is not a guess.
                "" or "@c.us" or "@s.whatsapp.net" => new Recipient(name, IsLid: name.Length > LongestPhone),
                _ => null,
            };
    }
}

/// <summary>Who a message goes to.</summary>
/// <param name="Name">The digits, without what comes after the @.</param>
/// <param name="IsGroup">A group.</param>
/// <param name="IsNewsletter">A channel that people subscribe to.</param>
/// <param name="IsLid">A person whose number is hidden.</param>
internal sealed record Recipient(string Name, bool IsGroup = false, bool IsNewsletter = false, bool IsLid = false)
{
    /// <summary>Whether the server looks the number up before it sends, and may answer that it does not exist.</summary>
    public bool IsLookedUp => !IsGroup && !IsNewsletter && !IsLid;
}
