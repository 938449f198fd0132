namespace Pontual.Storage.Database;

/// <summary>Thrown by a body to have its transaction undone and run again from the start: another transaction came in between. Never reaches a caller.</summary>
public sealed class TransactionAgainException(string message) : Exception(message);
