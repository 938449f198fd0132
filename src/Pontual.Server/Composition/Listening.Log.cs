using Microsoft.Extensions.Logging;
using Pontual.Engine.Hosting;

namespace Pontual.Server.Composition;

internal static partial class ListeningLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Listening on {Url}, data in {DataFolder}, roles {Roles}")]
    public static partial void Listening(this ILogger logger, Uri url, string dataFolder, NodeRoles roles);
}
