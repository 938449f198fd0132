using System.Net.Http.Headers;
using System.Text.Json;

namespace Pontual.Server.Tests.Api;

public sealed class BadInputTests(ApiHost host) : IClassFixture<ApiHost>, IAsyncLifetime
{
    public static TheoryData<string> Names => [.. BadInput.All.Select(request => request.Name)];

    public Task InitializeAsync() => host.DefineAsync("known");

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_input_gets_a_clear_answer_and_changes_nothing(string name)
    {
        var bad = BadInput.All.Single(request => request.Name == name);
        var before = await StateAsync();

        using var request = ToRequest(bad);
        using var answer = await host.Admin.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(bad.Status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.StartsWith("urn:pontual:problem:", problem.GetProperty("type").GetString());
        Assert.EndsWith(bad.Problem, problem.GetProperty("type").GetString());
        Assert.Equal(bad.Status, problem.GetProperty("status").GetInt32());
        Assert.Contains(bad.Says, text.Replace(" ", "", StringComparison.Ordinal) + text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public void The_table_is_long()
    {
        Assert.True(BadInput.All.Count() >= 100);
        Assert.Equal(BadInput.All.Count(), BadInput.All.Select(request => request.Name).Distinct().Count());
    }

    private HttpRequestMessage ToRequest(BadRequest bad)
    {
        // As it stands: the client must not tidy up the path.
        var uri = new Uri(
            $"http://{host.Url.Authority}{bad.Path}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        var request = new HttpRequestMessage(new HttpMethod(bad.Method), uri);
        if (bad.Body is not null)
        {
            request.Content = new ByteArrayContent(bad.Body);

            // What is too large is refused before it is read: who sends it anyway may find the connection closed instead of the answer.
            request.Headers.ExpectContinue = bad.Body.Length > 1 << 20 ? true : null;
            request.Content.Headers.ContentType = bad.Type is null ? null : MediaTypeHeaderValue.Parse(bad.Type);
        }

        return request;
    }

    /// <summary>All that a request could have changed: jobs, runs and tokens.</summary>
    private async Task<string> StateAsync()
    {
        var jobs = await host.Admin.GetStringAsync("/api/v1/jobs?limit=500");
        var runs = await host.Admin.GetStringAsync("/api/v1/runs?limit=500");
        var tokens = await host.Admin.GetStringAsync("/api/v1/tokens");
        return string.Join('\n', jobs, runs, tokens);
    }
}
