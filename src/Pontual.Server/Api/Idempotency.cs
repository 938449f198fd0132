using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Requests;
using Pontual.Engine.Runs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>Requests that create something may be sent again with the same <c>Idempotency-Key</c>: who lost the answer gets it, and nothing is made twice.</summary>
internal static class Idempotency
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Says that an answer is that of an earlier request.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const int LongestKey = 255;
    private const int LargestAnswer = 1 << 20;

    private static readonly object RunIdKey = new();

    /// <summary>Lets an endpoint be asked again with the same key.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="holdsSecret">Its answer shows a secret once: it is not kept, and who asks again is told so.</param>
    public static RouteHandlerBuilder Repeatable(this RouteHandlerBuilder endpoint, bool holdsSecret = false) =>
        endpoint
            .WithMetadata(new RepeatableRequest())
            .AddEndpointFilter(async (context, next) => await InvokeAsync(context, next, holdsSecret))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <summary>The id that a run made by this request has, the same however often it is sent; null without a key.</summary>
    public static Guid? RunIdOf(HttpContext context) => context.Items[RunIdKey] as Guid?;

    private static async ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next,
        bool holdsSecret
    )
    {
        var context = invocation.HttpContext;
        if (!context.Request.Headers.TryGetValue(Header, out var sent))
        {
            return await next(invocation);
        }

        if (sent.Count != 1 || sent[0] is not { Length: > 0 and <= LongestKey } text || text.Any(char.IsControl))
        {
            return Problems.InvalidHeader(Header, $"send it once, with 1 to {LongestKey} characters, such as a UUID");
        }

        var keys = context.RequestServices.GetRequiredService<IIdempotencyStore>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var key = new IdempotencyKey(context.User.Tenant(), context.User.Subject(), text);
        var fingerprint = await FingerprintAsync(context.Request);
        switch (await keys.TakeAsync(key, fingerprint, time.GetUtcNow(), context.RequestAborted))
        {
            case KeyState.Taken taken:
                context.Items[RunIdKey] = RunId.New(taken.FirstAt, new KeyBytes(key, fingerprint));
                return await FirstAsync(invocation, next, new Kept(keys, key, time, holdsSecret));
            case KeyState.Answered answered:
                return await AgainAsync(context, answered.Answer);
            case KeyState.OtherRequest:
                return Problems.IdempotencyKeyReused();
            default:
                context.Response.Headers.RetryAfter = "1";
                return Problems.RequestInProgress();
        }
    }

    private static async ValueTask<object?> FirstAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, Kept kept)
    {
        // Who hangs up does not stop what he asked for, so the key is settled without him.
        var response = invocation.HttpContext.Response;
        var wire = response.Body;
        using var body = new MemoryStream();
        var isAnswered = false;
        try
        {
            var result = await next(invocation);
            response.Body = body;
            await ((IResult)result!).ExecuteAsync(invocation.HttpContext);
            if (response.StatusCode is >= 200 and < 300 && body.Length <= LargestAnswer)
            {
                await kept.KeepAsync(response, body);
                isAnswered = true;
            }
        }
        finally
        {
            response.Body = wire;
            if (!isAnswered)
            {
                await kept.ReleaseAsync();
            }
        }

        body.Position = 0;
        await body.CopyToAsync(wire, invocation.HttpContext.RequestAborted);
        return Results.Empty;
    }

    private static async ValueTask<object?> AgainAsync(HttpContext context, KeptAnswer answer)
    {
        if (answer.Body is not { } body)
        {
            return Problems.AnswerNotKept(answer.Location);
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers[ReplayedHeader] = "true";
        response.Headers.Location = answer.Location;
        response.Headers.ETag = answer.ETag;
        response.ContentType = answer.ContentType;
        await response.Body.WriteAsync(body, context.RequestAborted);
        return Results.Empty;
    }

    /// <summary>A hash of method, path, query and body.</summary>
    private static async Task<byte[]> FingerprintAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0; )
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    /// <summary>Says in the OpenAPI document that the header is read.</summary>
    internal sealed record RepeatableRequest;

    /// <summary>A key that this request has taken.</summary>
    private sealed record Kept(IIdempotencyStore Keys, IdempotencyKey Key, TimeProvider Time, bool HoldsSecret)
    {
        public Task KeepAsync(HttpResponse response, MemoryStream body) =>
            Keys.AnswerAsync(
                Key,
                new KeptAnswer(
                    response.StatusCode,
                    TextOf(response.Headers.Location.ToString()),
                    TextOf(response.Headers.ETag.ToString()),
                    response.ContentType,
                    HoldsSecret ? (ReadOnlyMemory<byte>?)null : body.ToArray()
                ),
                Time.GetUtcNow(),
                CancellationToken.None
            );

        public Task ReleaseAsync() => Keys.ReleaseAsync(Key, CancellationToken.None);

        private static string? TextOf(string header) => header.Length == 0 ? null : header;
    }

    /// <summary>Bytes that are as good as random to everybody else and the same each time for this key and request.</summary>
    private sealed class KeyBytes(IdempotencyKey key, byte[] fingerprint) : IRandomBytes
    {
        public void Fill(Span<byte> bytes)
        {
            var text = Encoding.UTF8.GetBytes($"{key.Tenant}\n{key.Caller}\n{key.Key}\n");
            SHA256.HashData([.. text, .. fingerprint]).AsSpan(0, bytes.Length).CopyTo(bytes);
        }
    }
}
