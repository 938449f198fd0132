using Pontual.Engine.Jobs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Compat;
using Pontual.Messaging.Contacts;
using Pontual.Runners.Handler;

namespace Pontual.Messaging.Providers;

/// <summary>The handler <c>sgp_sync_inteligente</c> (S2-10): takes over the customers of every configured provider as contacts.</summary>
internal sealed class SyncCustomers(CustomerPages pages, ContactStore contacts) : IJobHandler
{
    /// <summary>What jobs call it.</summary>
    public const string Name = "sgp_sync_inteligente";

    public async Task<HandlerResult> RunAsync(HandlerContext context, CancellationToken cancellation)
    {
        var problems = new List<DocumentProblem>();
        var providers = ProviderReader.Read(context.Args, problems);
        if (problems.Count > 0)
        {
            return HandlerResult.Fail(
                string.Join("; ", problems.Select(problem => $"{problem.Path} {problem.Message}: {problem.Fix}".Trim()))
            );
        }

        var (done, errors) = (default(SyncCounts), new List<(string Provider, string Error)>());
        for (var index = 0; index < providers.Count; index++)
        {
            var (counts, error) = await OneAsync(context, providers[index], cancellation);
            done += counts;
            if (error is not null)
            {
                errors.Add((providers[index].Name, error));
            }

            context.Progress((index + 1.0) / providers.Count, providers[index].Name);
        }

        return errors.Count == providers.Count
            ? HandlerResult.Fail(
                $"no provider could be read: {string.Join("; ", errors.Select(error => $"{error.Provider}: {error.Error}"))}"
            )
            : HandlerResult.Ok(SyncResult.Of(providers.Count, done, errors), done.Read);
    }

    /// <summary>One provider. What its pages brought before it failed is kept.</summary>
    private async Task<(SyncCounts Counts, string? Error)> OneAsync(
        HandlerContext context,
        Provider provider,
        CancellationToken cancellation
    )
    {
        var (counts, tenant) = (default(SyncCounts), context.Job.Name.Tenant);
        try
        {
            await foreach (var page in pages.ReadAsync(provider, cancellation))
            {
                counts += await PutAsync(tenant, provider, page, cancellation);
            }
        }
        catch (ProviderException problem)
        {
            context.WriteLine($"{provider.Name}: {problem.Message}");
            return (counts, problem.Message);
        }

        context.WriteLine($"{provider.Name}: {counts.Read} customers, {counts.Added} new, {counts.Updated} changed");
        return (counts, null);
    }

    private async Task<SyncCounts> PutAsync(
        TenantName tenant,
        Provider provider,
        IReadOnlyList<Contact> page,
        CancellationToken cancellation
    )
    {
        var put = await contacts.PutAsync(tenant, provider.Name, page, cancellation);
        return new SyncCounts(page.Count, put.Added, put.Updated);
    }
}
