namespace Pontual.Server.Demo.Gateways;

/// <summary>A picture of one dot, for where a gateway would show a small form of a larger one.</summary>
internal static class SmallPicture
{
    public const string Base64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
}
