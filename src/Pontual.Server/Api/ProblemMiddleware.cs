using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Runs;
using Pontual.Storage.Database;

namespace Pontual.Server.Api;

/// <summary>Turns whatever no endpoint answered (exceptions, refusals of the framework, unknown routes) into problems without internals.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, IRandomBytes random, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: there is nobody to answer.
            return;
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Judge(problem, context).ExecuteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 })
        {
            await OfStatus(context).ExecuteAsync(context);
        }
    }

    private ProblemHttpResult Judge(Exception problem, HttpContext context)
    {
        switch (problem)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problems.TooLarge(LimitOf(context));
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return Problems.TooSlow();
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                return Problems.UnsupportedMediaType("application/json");
            case BadHttpRequestException bad:
                return Problems.BadRequest(bad.Message);
        }

        var reference = NewReference();
        logger.Unexpected(problem, context.Request.Method, context.Request.Path, reference);
        return (problem as DatabaseException)?.Fault switch
        {
            DatabaseFault.Unavailable => Problems.DatabaseAway(),
            DatabaseFault.Busy => Problems.DatabaseBusy(),
            DatabaseFault.Unanswered => Problems.OutcomeUnknown(),
            _ => Problems.Internal(reference),
        };
    }

    private static ProblemHttpResult OfStatus(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.RouteNotFound(context.Request.Path),
            StatusCodes.Status405MethodNotAllowed => Problems.MethodNotAllowed(
                context.Request.Method,
                context.Response.Headers.Allow.ToString()
            ),
            StatusCodes.Status413PayloadTooLarge => Problems.TooLarge(LimitOf(context)),
            StatusCodes.Status415UnsupportedMediaType => Problems.UnsupportedMediaType("application/json"),
            StatusCodes.Status400BadRequest => Problems.BadRequest("A part of the request has the wrong shape."),
            var other => Problems.Status(other),
        };

    private static long? LimitOf(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;

    private string NewReference()
    {
        Span<byte> bytes = stackalloc byte[6];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
