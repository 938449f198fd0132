using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Access;
using Pontual.Server.Composition;

namespace Pontual.Server.Access;

/// <summary>Seals what must be secret at rest and must be read again. What only has to be recognised is hashed instead.</summary>
/// <remarks>The framework's data protection, with its keys in the data folder (<c>keys/</c>, for its owner only), or in the database where several nodes
/// share one: each node opens what any of them sealed. Keys are made when first needed and replaced every 90 days; old ones stay.</remarks>
internal sealed class SecretBox : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lazy<ServiceProvider> _services;

    public SecretBox(ServerConfiguration configuration, IProtectionKeyStore keys, TimeProvider time) =>
        // A collection of its own: nothing of it starts with the host, and nothing asks for a key before a secret is sealed.
        _services = new Lazy<ServiceProvider>(() => Build(configuration, keys, time));

    /// <summary>Seals a secret for a purpose and owner; only <see cref="Open"/> with the same two opens it.</summary>
    /// <param name="purpose">What it is for: <c>totp</c>, <c>device</c>.</param>
    /// <param name="owner">Whose it is, so that a sealed text moved to another's row does not open.</param>
    /// <param name="secret">What to seal.</param>
    public string Seal(string purpose, string owner, ReadOnlySpan<byte> secret) =>
        Convert.ToBase64String(Protector(purpose, owner).Protect(secret.ToArray()));

    /// <summary>Seals a text, as above.</summary>
    public string Seal(string purpose, string owner, string secret) => Seal(purpose, owner, Encoding.UTF8.GetBytes(secret));

    /// <returns>The secret; null when the text was not sealed for this purpose and owner with a key that is there.</returns>
    public byte[]? Open(string purpose, string owner, string @sealed)
    {
        try
        {
            return Protector(purpose, owner).Unprotect(Convert.FromBase64String(@sealed));
        }
        catch (Exception wrong) when (wrong is CryptographicException or FormatException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_services.IsValueCreated)
        {
            _services.Value.Dispose();
        }
    }

    private IDataProtector Protector(string purpose, string owner) =>
        _services.Value.GetRequiredService<IDataProtectionProvider>().CreateProtector(purpose, owner);

    private static ServiceProvider Build(ServerConfiguration configuration, IProtectionKeyStore keys, TimeProvider time)
    {
        var services = new ServiceCollection();
        var protection = services.AddDataProtection().SetApplicationName("Pontual");
        if (configuration.PostgreSql is null)
        {
            protection.PersistKeysToFileSystem(Folder(configuration.DataFolder));
        }
        else
        {
            services.Configure<KeyManagementOptions>(options => options.XmlRepository = new DatabaseKeys(keys, time));
        }

        return services.BuildServiceProvider();
    }

    private static DirectoryInfo Folder(string dataFolder)
    {
        var folder = Path.Combine(dataFolder, "keys");
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly);
    }
}
