using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Pontual.Engine.Access;
using Pontual.Engine.Output;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>What a run printed.</summary>
internal static class OutputApi
{
    private const int PageSize = 200;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public static void MapOutput(this IEndpointRouteBuilder api) =>
        api.MapGet("/runs/{id}/output", Read)
            .Needs(TokenScope.Read)
            .Takes(Query.After, Query.Follow)
            .WithName("ReadOutput")
            .WithSummary("What a run printed: text, or pieces as JSON by Accept. With follow=1 the text goes on until the run ends.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<OutputView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Read(
        Guid id,
        HttpContext context,
        IRunViews runs,
        IOutputStore output,
        TimeProvider time,
        IHostApplicationLifetime host
    )
    {
        var cancellation = context.RequestAborted;
        if (await runs.FindAsync(id, cancellation) is null)
        {
            return Problems.RunNotFound(id);
        }

        var after = Query.After.Of(context.Request);
        var follow = Query.Follow.Of(context.Request);
        if (WantsJson(context.Request))
        {
            return TypedResults.Ok(OutputView.Of(await output.ReadAsync(id, after, PageSize, cancellation), after));
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, host.ApplicationStopping);
        var reader = new OutputReader(id, output, after, PageSize);
        try
        {
            await CopyAsync(reader, runs, follow ? time : null, context.Response, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader left or the server stops: what was sent stands.
        }

        return Results.Empty;
    }

    /// <summary>Sends all there is, and with a clock goes on until the run has ended.</summary>
    private static async Task CopyAsync(
        OutputReader reader,
        IRunViews runs,
        TimeProvider? clock,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            // Asked before reading: what an ended run printed is all there by then.
            var ended = clock is null || await HasEndedAsync(reader.Run, runs, cancellation);
            while (await reader.ReadAsync(cancellation) is { Length: > 0 } text)
            {
                await response.WriteAsync(text, cancellation);
                await response.Body.FlushAsync(cancellation);
            }

            if (ended)
            {
                await response.WriteAsync(reader.Rest(), cancellation);
                return;
            }

            // Headers go out before the first line is there.
            await response.Body.FlushAsync(cancellation);
            await Task.Delay(Look, clock!, cancellation);
        }
    }

    private static async Task<bool> HasEndedAsync(Guid id, IRunViews runs, CancellationToken cancellation) =>
        await runs.FindAsync(id, cancellation) is not { Run.State: RunState.Pending or RunState.Running };

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accept
        && accept
            .OrderByDescending(type => type.Quality ?? 1)
            .Select(type => type.MediaType.Value)
            .FirstOrDefault(type => type is "application/json" or "text/plain" or "text/*" or "*/*") == "application/json";
}
