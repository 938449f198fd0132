namespace Pontual.Engine.Executing;

/// <summary>Resolves <c>${env:NAME}</c> and <c>${file:PATH}</c> in settings, when an attempt starts and not before, so that no secret is stored.</summary>
public interface ISecrets
{
    /// <summary>Replaces every reference in <paramref name="text"/>; <c>$${</c> stands for a plain <c>${</c>. What a secret contains is not looked at again.</summary>
    /// <param name="text">Text as a person wrote it, never text that came from outside.</param>
    /// <param name="resolved">Gets the values that were put in, so that they can be masked; see <see cref="ResolvedSecrets"/>.</param>
    /// <exception cref="SecretMissingException">A variable is not set or a file cannot be read; the message names the reference, never a value.</exception>
    string Resolve(string text, ICollection<string>? resolved = null);
}

/// <summary>A secret that a target refers to is not there.</summary>
public sealed class SecretMissingException(string message) : Exception(message);
