using System.Diagnostics.CodeAnalysis;
using Pontual.Engine.Events;
using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;

namespace Pontual.Server.Realtime;

/// <summary>What a listener wants to hear of its tenant's events.</summary>
internal sealed class Subscription
{
    private const int MostWords = 200;
    private const string Everything = "*";
    private const string JobPrefix = "job:";

    private readonly TenantName _tenant;
    private readonly bool _all;
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _jobs = new(StringComparer.Ordinal);

    private Subscription(TenantName tenant, bool all) => (_tenant, _all) = (tenant, all);

    /// <summary>What can be asked for, in words.</summary>
    public static string Rule { get; } =
        $"'*' for everything, or any of {string.Join(", ", EventTopic.All)} and job:NAME; at most {MostWords}";

    /// <summary>All a tenant may see.</summary>
    public static Subscription ToAll(TenantName tenant) => new(tenant, all: true);

    /// <summary>Reads what was asked for.</summary>
    /// <returns>False with the first word that means nothing.</returns>
    public static bool TryRead(
        IReadOnlyCollection<string> words,
        TenantName tenant,
        [NotNullWhen(true)] out Subscription? subscription,
        out string? wrong
    )
    {
        (subscription, wrong) = (new Subscription(tenant, words.Contains(Everything)), null);
        foreach (var word in words)
        {
            if (!subscription.Add(word) || words.Count > MostWords)
            {
                (subscription, wrong) = (null, word);
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether an event is wanted, and may be seen.</summary>
    public bool Matches(EventMessage message) =>
        (_all || _topics.Contains(message.Topic) || (message.Event.Job is { } job && _jobs.Contains(job.Text))) && message.IsFor(_tenant);

    private bool Add(string word)
    {
        if (word == Everything)
        {
            return true;
        }

        if (word.StartsWith(JobPrefix, StringComparison.Ordinal) && JobName.TryParse(word[JobPrefix.Length..], out var job))
        {
            _jobs.Add(job.Text);
            return true;
        }

        return EventTopic.All.Contains(word) && (_topics.Add(word) || true);
    }
}
