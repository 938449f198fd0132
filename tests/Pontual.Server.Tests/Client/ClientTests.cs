using System.Net;
using Pontual.Client;

namespace Pontual.Server.Tests.Client;

/// <summary>How the typed client behaves over a real server.</summary>
public sealed class ClientTests : ClientTest
{
    [Fact]
    public async Task A_problem_has_its_type_its_words_and_every_mistake()
    {
        var wrong = new JobDefinition { Name = "Wrong Name", Target = new Target() };

        var refused = await Assert.ThrowsAsync<ProblemException>(() => Client.Jobs.CreateAsync(wrong));
        var missing = await Assert.ThrowsAsync<ProblemException>(() => Client.Jobs.GetAsync("missing"));
        using var stranger = new PontualClient(Host.Url);
        var unknown = await Assert.ThrowsAsync<ProblemException>(() => stranger.Jobs.ListAsync());

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("urn:pontual:problem:invalid-document", refused.Type);
        Assert.Contains(refused.Errors, error => error is { Path: "/name", Fix.Length: > 0 });
        Assert.Equal("urn:pontual:problem:job-not-found", missing.Type);
        Assert.Equal("missing", missing.More["job"].GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Status);
    }

    [Fact]
    public async Task A_change_that_is_based_on_an_old_revision_is_refused()
    {
        var job = await Client.Jobs.CreateAsync(Echo("edited"));
        await Client.Jobs.PutAsync("edited", job with { Description = "one" }, job.ETag);

        var late = await Assert.ThrowsAsync<ProblemException>(() =>
            Client.Jobs.PutAsync("edited", job with { Description = "two" }, job.ETag)
        );

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        Assert.Equal("one", (await Client.Jobs.GetAsync("edited")).Description);
    }

    [Fact]
    public async Task Lists_are_walked_page_by_page_and_can_be_stopped()
    {
        for (var number = 0; number < 5; number++)
        {
            await Client.Jobs.CreateAsync(Echo($"walked-{number}"));
        }

        var names = new List<string>();
        await foreach (var job in Client.Jobs.AllAsync(limit: 2))
        {
            names.Add(job.Name);
        }

        using var stop = new CancellationTokenSource();
        var walk = Client.Jobs.AllAsync(limit: 2, stop.Token).GetAsyncEnumerator();
        await walk.MoveNextAsync();
        await stop.CancelAsync();
        Assert.Equal(["walked-0", "walked-1", "walked-2", "walked-3", "walked-4"], names);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await walk.MoveNextAsync()) { }
        });
    }

    [Fact]
    public async Task A_reason_goes_with_changes_and_names_are_no_way_out_of_the_path()
    {
        using var client = new PontualClient(Host.Url, Options() with { Reason = "olá,\nmundo" });

        await client.Jobs.CreateAsync(Echo("told"));

        Assert.Equal("olá, mundo", Recorder.LastHeaders["X-Pontual-Reason"]);
        await Assert.ThrowsAsync<ArgumentException>(() => client.Jobs.DeleteAsync(".."));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => client.Jobs.GetAsync("../tokens"));
        Assert.Equal("urn:pontual:problem:invalid-name", refused.Type);
    }
}
