using System.Collections.Concurrent;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>The nodes that were heard lately.</summary>
internal sealed class OtherNodes(TimeProvider time)
{
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, long> _seen = new();

    /// <summary>Whether there is anybody to tell anything.</summary>
    public bool Any
    {
        get
        {
            foreach (var (node, at) in _seen)
            {
                if (time.GetElapsedTime(at) < GoneAfter)
                {
                    return true;
                }

                _seen.TryRemove(new KeyValuePair<string, long>(node, at));
            }

            return false;
        }
    }

    /// <returns>Whether it is new.</returns>
    public bool Seen(string node)
    {
        var isNew = !_seen.ContainsKey(node);
        _seen[node] = time.GetTimestamp();
        return isNew;
    }

    public void Left(string node) => _seen.TryRemove(node, out _);
}
