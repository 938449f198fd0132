using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Requests;

namespace Pontual.Runners.Http;

/// <summary>Sends HTTP requests that SQL asked for, many at once, and keeps what was answered. At least once: what a lost node was sending is sent again.</summary>
internal sealed class PostSender(IPostStore posts, GuardedHttp http, TimeProvider time, ILogger<PostSender> logger)
    : BackgroundService,
        IPostSender
{
    private const int MostAtOnce = 32;
    private const int MostTries = 5;
    private const int LongestContent = 1 << 20;

    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private int _sending;

    public void Look() => _look.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _look.Reader.ReadAllAsync(stoppingToken))
            {
                await TakeInTimeAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task TakeInTimeAsync(CancellationToken cancellation)
    {
        try
        {
            await TakeAsync(cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // The database is away: who looks for requests says so, and asks for another look when it is back.
            logger.PostsNotTaken(problem);
        }
    }

    private async Task TakeAsync(CancellationToken cancellation)
    {
        var room = MostAtOnce - Volatile.Read(ref _sending);
        if (room == 0)
        {
            return; // Whoever ends looks again.
        }

        foreach (var post in await posts.TakeAsync(time.GetUtcNow(), room, cancellation))
        {
            Interlocked.Increment(ref _sending);
            _ = SendAndKeepAsync(post, cancellation);
        }
    }

    private async Task SendAndKeepAsync(Post post, CancellationToken cancellation)
    {
        try
        {
            var answer =
                post.Tries > MostTries
                    ? Failed(post, $"it was sent {MostTries} times and never ended: its nodes were lost")
                    : await SendAsync(post, cancellation);
            await posts.DoneAsync(answer, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another node sends it once its time is over.
        }
        catch (Exception problem)
        {
            logger.PostNotKept(post.Id, problem);
        }
        finally
        {
            Interlocked.Decrement(ref _sending);
            Look();
        }
    }

    private async Task<PostAnswer> SendAsync(Post post, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(post.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var request = Request(post);
            using var answer = await http.SendAsync(request, either.Token);
            return new PostAnswer(
                post.Id,
                time.GetUtcNow(),
                (int)answer.StatusCode,
                answer.Content.Headers.ContentType?.ToString(),
                Headers(answer),
                await ContentAsync(answer, either.Token)
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(post, $"Timeout of {post.Timeout.TotalMilliseconds:0} ms reached") with { TimedOut = true };
        }
        catch (Exception problem)
            when (problem is HttpRequestException or TargetException or UriFormatException or IOException or FormatException)
        {
            return Failed(post, (problem.InnerException ?? problem).Message);
        }
    }

    private PostAnswer Failed(Post post, string error) => new(post.Id, time.GetUtcNow(), Error: error);

    private static HttpRequestMessage Request(Post post)
    {
        var address = new UriBuilder(post.Url);
        using var query = JsonDocument.Parse(post.Params);
        var pairs = query
            .RootElement.EnumerateObject()
            .Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(Text(pair.Value))}");
        address.Query = string.Join('&', new[] { address.Query.TrimStart('?') }.Where(text => text.Length > 0).Concat(pairs));
        var request = new HttpRequestMessage(new HttpMethod(post.Method), address.Uri);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"net-{post.Id}");
        if (post.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(post.Body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var headers = JsonDocument.Parse(post.Headers);
        foreach (var header in headers.RootElement.EnumerateObject())
        {
            Add(request, header.Name, Text(header.Value));
        }

        return request;
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (request.Content is not null && name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        else if (!request.Headers.TryAddWithoutValidation(name, value) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"The header '{name}' cannot be sent.");
        }
    }

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Headers(HttpResponseMessage answer) =>
        JsonSerializer.Serialize(
            answer
                .Headers.Concat(answer.Content.Headers)
                .ToDictionary(
                    header => header.Key.ToLowerInvariant(),
                    header => string.Join(", ", header.Value).Replace("\0", "", StringComparison.Ordinal)
                )
        );

    private static async Task<string> ContentAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[LongestContent];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, length).Replace("\0", "", StringComparison.Ordinal);
    }
}
