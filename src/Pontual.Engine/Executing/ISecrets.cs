namespace Pontual.Engine.Executing;

/// <summary>Resolves <c>${env:NAME}</c> and <c>${file:PATH}</c> in settings, when an attempt starts and not before, so that no secret is stored.</summary>
public interface ISecrets
{
    /// <summary>Replaces every reference in <paramref name="text"/>; <c>$${</c> stands for a plain <c>${</c>.</summary>
    /// <exception cref="SecretMissingException">A variable is not set or a file cannot be read; the message names the reference, never a value.</exception>
    string Resolve(string text);
}

/// <summary>A secret that a target refers to is not there.</summary>
public sealed class SecretMissingException(string message) : Exception(message);
