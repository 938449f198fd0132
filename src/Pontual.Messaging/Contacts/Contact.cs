namespace Pontual.Messaging.Contacts;

/// <summary>Somebody whom a provider knows as its customer.</summary>
/// <param name="ExternalId">The provider's key; 1 to 200 characters.</param>
/// <param name="Name">As the provider has it; null for none, as are the others.</param>
/// <param name="Phone">Telephone.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="Document">Number of an identity document (CPF or CNPJ).</param>
public sealed record Contact(string ExternalId, string? Name, string? Phone, string? Email, string? Document);
