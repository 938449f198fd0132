namespace Pontual.Client;

/// <summary>How a <see cref="PontualClient"/> speaks.</summary>
public sealed record PontualClientOptions
{
    /// <summary>A token, as 'pontual token create' or <see cref="TokenOperations.CreateAsync"/> shows it once; null to send none.</summary>
    public string? Token { get; init; }

    /// <summary>Whose jobs are meant, for tokens of whoever runs the installation; null for the token's own tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Why changes are made: kept in the audit log. One line; null for no reason.</summary>
    /// <remarks>A reason that is not ASCII needs a handler that writes headers as UTF-8, as the client's own does.</remarks>
    public string? Reason { get; init; }

    /// <summary>Sends the requests, and is not disposed with the client; null for one of the client's own.</summary>
    public HttpClient? Http { get; init; }
}
