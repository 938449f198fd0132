namespace Pontual.Messaging.Providers;

/// <summary>A system that knows customers and tells them page by page.</summary>
/// <param name="Name">What its contacts' source is called; unique among a job's providers.</param>
/// <param name="Url">Where a page is, with <c>{{page}}</c> for its number and <c>{{size}}</c> for the size that is asked for; secrets unresolved.</param>
/// <param name="Headers">Sent along; secrets unresolved.</param>
/// <param name="Items">Names of the members that lead to the list of customers; none for an answer that is the list.</param>
/// <param name="Fields">The member of a customer that each field of a contact is in.</param>
/// <param name="FirstPage">The number of the first page.</param>
/// <param name="PageSize">How many customers to ask for at once.</param>
internal sealed record Provider(
    string Name,
    string Url,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<string> Items,
    ContactFields Fields,
    int FirstPage,
    int PageSize
);

/// <summary>Which members of a customer are what.</summary>
internal sealed record ContactFields(string Id, string Name, string Phone, string Email, string Document)
{
    /// <summary>Unless a provider is told to have others.</summary>
    public static ContactFields Usual { get; } = new("id", "name", "phone", "email", "document");
}
