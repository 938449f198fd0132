using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Pontual.Engine.Access;

namespace Pontual.Server.Access;

/// <summary>Keys of data protection in the database. The framework asks for them without awaiting: once a day, and when one is made.</summary>
internal sealed class DatabaseKeys(IProtectionKeyStore keys, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => keys.ListAsync(CancellationToken.None)).GetAwaiter().GetResult().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() =>
                keys.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), time.GetUtcNow(), CancellationToken.None)
            )
            .GetAwaiter()
            .GetResult();
}
