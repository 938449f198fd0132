namespace Pontual.Runners.Http;

/// <summary>The target cannot be called as it is written, or not from here: retrying changes nothing. The message is for people.</summary>
internal sealed class TargetException(string message) : Exception(message);
