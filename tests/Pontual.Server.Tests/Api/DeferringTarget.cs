using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Pontual.Server.Tests.Api;

/// <summary>An HTTP target that answers 202 and keeps what it was told about calling back.</summary>
internal sealed class DeferringTarget : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<(Uri Url, string Secret)> _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;

    private DeferringTarget(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>The callback's URL and secret, once it was called.</summary>
    public Task<(Uri Url, string Secret)> CalledAsync() => _called.Task.WaitAsync(Patience, TimeProvider.System);

    public static async Task<DeferringTarget> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var target = new DeferringTarget(builder.Build());
        target._app.Run(context =>
        {
            var headers = context.Request.Headers;
            target._called.TrySetResult(
                (new Uri(headers["X-Pontual-Callback-Url"].ToString()), headers["X-Pontual-Callback-Token"].ToString())
            );
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
        await target._app.StartAsync();
        return target;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
