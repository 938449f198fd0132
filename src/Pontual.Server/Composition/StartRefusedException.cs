namespace Pontual.Server.Composition;

/// <summary>The server does not start, for a reason its operator can do something about; the message says what.</summary>
public sealed class StartRefusedException(string message, Exception? cause = null) : Exception(message, cause);
