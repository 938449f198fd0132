using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Pontual.Server.Tests.Channels;

/// <summary>A gateway that answers with all that it was told: the path, the headers and the body, in every field in which gateways give reasons.</summary>
internal sealed class EchoGateway : IAsyncDisposable
{
    private static readonly int[] Statuses = [200, 400, 401, 404, 500, 503];
    private readonly WebApplication _app;
    private int _asked;

    private EchoGateway(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public int Asked => _asked;

    public static async Task<EchoGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var echo = new EchoGateway(builder.Build());
        echo._app.Run(echo.AnswerAsync);
        await echo._app.StartAsync();
        return echo;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var heard = $"{path} {string.Join(' ', context.Request.Headers.Values)} {await reader.ReadToEndAsync()}";
        var said = $"{heard} {Convert.ToBase64String(Encoding.UTF8.GetBytes(heard))}";
        context.Response.StatusCode = Statuses[Interlocked.Increment(ref _asked) % Statuses.Length];
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    success = false,
                    status = said,
                    error = new { code = 190, message = said },
                    message = said,
                }
            )
        );
    }
}
