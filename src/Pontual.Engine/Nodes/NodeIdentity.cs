using System.Reflection;
using Pontual.Engine.Runs;

namespace Pontual.Engine.Nodes;

/// <summary>Who this process is among the nodes.</summary>
/// <param name="Host">Machine (or container) name.</param>
/// <param name="Roles">What it does.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Random">Where the letters of its ids come from.</param>
internal sealed record NodeIdentity(string Host, IReadOnlyList<string> Roles, DateTimeOffset StartedAt, IRandomBytes Random)
{
    private static readonly string Version =
        typeof(NodeIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>A new id: host, pid and random letters, so that no two stays ever share one.</summary>
    public string NewId()
    {
        Span<byte> letters = stackalloc byte[4];
        Random.Fill(letters);
        return $"{Host}-{Environment.ProcessId}-{Convert.ToHexStringLower(letters)}";
    }

    public NodeRecord Record(string id, DateTimeOffset now, DateTimeOffset leaseUntil) =>
        new(id, Host, Environment.ProcessId, ProcessMark.Own, Version, Roles, StartedAt < now ? StartedAt : now, leaseUntil);
}
