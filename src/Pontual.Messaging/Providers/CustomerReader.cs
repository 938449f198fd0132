using System.Text.Json;
using Pontual.Engine.Jobs;
using Pontual.Messaging.Contacts;

namespace Pontual.Messaging.Providers;

/// <summary>Reads customers out of a provider's answer.</summary>
internal static class CustomerReader
{
    private const int LongestKey = 200;
    private const int LongestField = 1_000;

    /// <exception cref="ProviderException">The answer has no list of customers there, or one without a key.</exception>
    public static IReadOnlyList<Contact> Read(JsonElement answer, Provider provider, int page)
    {
        var list = answer;
        foreach (var name in provider.Items)
        {
            if (list.ValueKind is not JsonValueKind.Object || !list.TryGetProperty(name, out list))
            {
                throw new ProviderException($"page {page}: its answer has no '{string.Join('.', provider.Items)}'");
            }
        }

        return list.ValueKind is JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(customer => One(customer, provider.Fields, page))]
            : throw new ProviderException($"page {page}: '{string.Join('.', provider.Items)}' is not a list");
    }

    private static Contact One(JsonElement customer, ContactFields fields, int page) =>
        Text(customer, fields.Id, LongestKey) is { } id
            ? new Contact(
                id,
                Text(customer, fields.Name, LongestField),
                Text(customer, fields.Phone, LongestField),
                Text(customer, fields.Email, LongestField),
                Text(customer, fields.Document, LongestField)
            )
            : throw new ProviderException($"page {page}: a customer has no '{fields.Id}'");

    private static string? Text(JsonElement customer, string name, int longest)
    {
        if (customer.ValueKind is not JsonValueKind.Object || !customer.TryGetProperty(name, out var value))
        {
            return null;
        }

        var text =
            DocumentText.TryRead(value, out var said) ? said
            : value.ValueKind is JsonValueKind.Number ? value.GetRawText()
            : "";
        text = text.Replace("\0", "", StringComparison.Ordinal).Trim();
        return text.Length == 0 ? null
            : text.Length <= longest ? text
            : text[..longest];
    }
}
