using System.Net;
using Pontual.Engine.Limits;
using Pontual.Server.Access;
using Pontual.Server.Composition;
using Pontual.Server.Tests.Api;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Access;

public sealed class CallerRatesTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_caller_may_make_so_many_requests_and_more_as_time_goes_on()
    {
        var rates = Of(new Rate(3, TimeSpan.FromSeconds(3)));

        var together = Enumerable.Range(0, 4).Select(_ => rates.Take("ana")!.Value).ToList();
        _time.Advance(TimeSpan.FromSeconds(1));
        var later = Enumerable.Range(0, 2).Select(_ => rates.Take("ana")!.Value.IsAdmitted).ToList();

        Assert.Equal([true, true, true, false], together.Select(rate => rate.IsAdmitted));
        Assert.Equal([2, 1, 0, 0], together.Select(rate => rate.Left));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)), (together[3].Opens, together[3].Whole));
        Assert.Equal([true, false], later);
    }

    [Fact]
    public void Callers_do_not_take_from_each_other()
    {
        var rates = Of(new Rate(1, TimeSpan.FromMinutes(1)));

        Assert.True(rates.Take("ana")!.Value.IsAdmitted);
        Assert.False(rates.Take("ana")!.Value.IsAdmitted);
        Assert.True(rates.Take("rui")!.Value.IsAdmitted);
    }

    [Fact]
    public void Without_a_limit_nothing_is_counted() => Assert.Null(Of(null).Take("ana"));

    [Fact]
    public async Task Every_answer_to_somebody_known_tells_the_limit()
    {
        using var known = await host.Admin.GetAsync("/api/v1/jobs");
        using var unknown = await host.Anonymous.GetAsync("/api/v1/jobs");

        Assert.Equal("\"caller\";q=2000;w=1", Assert.Single(known.Headers.GetValues("RateLimit-Policy")));
        Assert.Matches("^\"caller\";r=[0-9]+;t=1$", Assert.Single(known.Headers.GetValues("RateLimit")));
        Assert.False(unknown.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task Too_many_are_refused_with_the_time_to_wait()
    {
        await using var own = new ApiHostOfItsOwn(configuration => configuration with { RateLimit = new Rate(5, TimeSpan.FromHours(1)) });
        await own.InitializeAsync();
        var statuses = new List<HttpStatusCode>();

        for (var i = 0; i < 6; i++)
        {
            using var answer = await own.Host.Admin.GetAsync("/api/v1/jobs");
            statuses.Add(answer.StatusCode);
        }

        using var refused = await own.Host.Admin.GetAsync("/api/v1/jobs");
        using var open = await own.Host.Anonymous.GetAsync("/health");

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 5), HttpStatusCode.TooManyRequests], statuses);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(12));
        Assert.Contains("too-many-requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    private CallerRates Of(Rate? rate) => new(new ServerConfiguration { DataFolder = "", RateLimit = rate }, _time);
}
