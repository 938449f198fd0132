using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Demo;

/// <summary>Stands in for the customer systems of providers: pages of made-up customers below <c>/NAME/customers</c>, who may be told to fail and to change.</summary>
public sealed class SimulatedProvider : IAsyncDisposable
{
    /// <summary>The token that it asks for.</summary>
    public const string Token = "simulated";

    private readonly ConcurrentDictionary<string, Customers> _providers = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private SimulatedProvider(WebApplication app) => _app = app;

    /// <summary>Where it answers.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Starts it on a free port of this machine.</summary>
    public static async Task<SimulatedProvider> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new SimulatedProvider(builder.Build());
        provider._app.MapGet("/{name}/customers", provider.Answer);
        await provider._app.StartAsync(cancellation);
        return provider;
    }

    /// <summary>Gives a provider so many customers, and lets everyone of whom <paramref name="changed"/> says so be another than before.</summary>
    public void Set(string name, int customers, Func<int, bool>? changed = null)
    {
        var of = _providers.GetOrAdd(name, _ => new Customers());
        of.Versions =
        [
            .. Enumerable
                .Range(0, customers)
                .Select(id => Math.Max(1, of.Versions.ElementAtOrDefault(id)) + (changed?.Invoke(id) is true ? 1 : 0)),
        ];
    }

    /// <summary>Answers one page of a provider with a status so many times; 0 times ends that.</summary>
    public void Fail(string name, int page, int status, int times)
    {
        var of = _providers.GetOrAdd(name, _ => new Customers());
        (of.FailingPage, of.FailingStatus, of.FailuresLeft) = (page, status, times);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(string name, HttpRequest request)
    {
        if (request.Headers.Authorization != $"Bearer {Token}")
        {
            return Results.Json(new { error = "unauthorized" }, statusCode: StatusCodes.Status401Unauthorized);
        }

        if (!_providers.TryGetValue(name, out var of))
        {
            return Results.NotFound();
        }

        var (page, size) = (Number(request, "page", 1), Number(request, "size", 100));
        if (page == of.FailingPage && of.TakeFailure())
        {
            return Results.Json(new { error = "busy" }, statusCode: of.FailingStatus);
        }

        var versions = of.Versions;
        var ids = Enumerable.Range(0, versions.Count).Skip((page - 1) * size).Take(size);
        return Results.Json(new { data = ids.Select(id => Customer(name, id, versions[id])), total = versions.Count });
    }

    private static object Customer(string provider, int id, int version) =>
        new
        {
            id,
            name = $"Customer {id} of {provider}",
            phone = string.Create(CultureInfo.InvariantCulture, $"+55119{id:D4}{version:D4}"),
            email = $"customer{id}@example.com",
            document = id.ToString("D11", CultureInfo.InvariantCulture),
        };

    private static int Number(HttpRequest request, string key, int usual) =>
        int.TryParse(request.Query[key], CultureInfo.InvariantCulture, out var number) && number > 0 ? number : usual;

    private sealed class Customers
    {
        private int _failuresLeft;

        /// <summary>How often each customer changed.</summary>
        public IReadOnlyList<int> Versions { get; set; } = [];

        public int FailingPage { get; set; }

        public int FailingStatus { get; set; }

        public int FailuresLeft
        {
            set => Volatile.Write(ref _failuresLeft, value);
        }

        public bool TakeFailure() => Interlocked.Decrement(ref _failuresLeft) >= 0;
    }
}
