using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels;
using Pontual.Server.Access;
using Pontual.Server.Api;

namespace Pontual.Server.Channels;

/// <summary>Channels: how they are, the evidence for it, their outages, and what an operator says of them.</summary>
internal static class ChannelsApi
{
    private const int MostMessages = 1_000_000;

    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        api.MapGet("/channels", List)
            .Needs(TokenScope.Read)
            .Takes(Query.NameCursor, Query.Limit)
            .WithName("ListChannels")
            .WithSummary("Channels in the order of their names: how each is judged, and all the evidence.");
        api.MapGet("/channels/{channel}", Show)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowChannel")
            .WithSummary("A channel, how it is judged, and all the evidence.")
            .Produces<ChannelAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/channels/{channel}/outages", Outages)
            .Needs(TokenScope.Read)
            .Takes(Query.Limit)
            .WithName("ListOutages")
            .WithSummary(
                "Stretches in which a channel did not work, newest first: what was wrong, what cured it, and what became of messages meanwhile."
            )
            .Produces<Page<OutageView>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/channels/{channel}/outages/{outage}/attempts", Attempts)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ListAttempts")
            .WithSummary("What was tried in an outage, and what the gateway said to it.")
            .Produces<Page<OutageAttemptView>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/channels/{channel}/settings", Settings)
            .Needs(TokenScope.Admin)
            .Takes()
            .TakesBody(
                "{ \"daily_limit\", \"in_use_since\": an instant, \"secret\": ${env:NAME} } (each optional; what is left out is unset)"
            )
            .WithName("PutChannelSettings")
            .WithSummary("Sets what an operator says of a channel: its daily limit, since when it is in use, a key of its own.")
            .Produces<ChannelAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/channels/{channel}/pause", Pause)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"reason\": why, \"until\": an instant in the future } (both optional)", required: false)
            .WithName("PauseChannel")
            .WithSummary("Sends nothing through a channel and cures nothing of it, for good or for a while. It is looked at all the same.")
            .Produces<ChannelAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/channels/{channel}/resume", Resume)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ResumeChannel")
            .WithSummary("Ends a pause.")
            .Produces<ChannelAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Page<ChannelAnswer>>> List(HttpContext context, ChannelStore channels, CancellationToken cancellation)
    {
        var limit = Query.Limit.Of(context.Request);
        var after = Query.NameCursor.Of(context.Request) ?? "";
        var rows = await channels.ListAsync(context.User.Tenant(), after, limit + 1, cancellation);
        return TypedResults.Ok(Page<ChannelAnswer>.Of(rows, limit, view => view.Channel.Name, ChannelAnswer.Of));
    }

    private static async Task<IResult> Show(
        string channel,
        ClaimsPrincipal caller,
        ChannelStore channels,
        CancellationToken cancellation
    ) =>
        await channels.FindAsync(caller.Tenant(), channel, cancellation) is { } view
            ? TypedResults.Ok(ChannelAnswer.Of(view))
            : Problems.ChannelNotFound(channel);

    private static async Task<IResult> Outages(
        string channel,
        HttpRequest request,
        ClaimsPrincipal caller,
        ChannelStore channels,
        CancellationToken cancellation
    )
    {
        if (await channels.FindAsync(caller.Tenant(), channel, cancellation) is not { } view)
        {
            return Problems.ChannelNotFound(channel);
        }

        var outages = await channels.OutagesAsync(view.Channel.Id, Query.Limit.Of(request), cancellation);
        return TypedResults.Ok(new Page<OutageView>([.. outages.Select(OutageView.Of)], null));
    }

    private static async Task<IResult> Attempts(
        string channel,
        string outage,
        ClaimsPrincipal caller,
        ChannelStore channels,
        CancellationToken cancellation
    )
    {
        if (
            await channels.FindAsync(caller.Tenant(), channel, cancellation) is not { } view
            || !Guid.TryParseExact(outage, "D", out var id)
            || await channels.FindOutageAsync(view.Channel.Id, id, cancellation) is null
        )
        {
            return Problems.ChannelNotFound(channel);
        }

        var attempts = await channels.AttemptsAsync(id, cancellation);
        return TypedResults.Ok(new Page<OutageAttemptView>([.. attempts.Select(OutageAttemptView.Of)], null));
    }

    private static async Task<IResult> Settings(
        string channel,
        HttpContext context,
        ChannelStore channels,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var settings = ReadSettings(json.Value, problems);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        var (tenant, now) = (context.User.Tenant(), time.GetUtcNow());
        return await channels.SetAsync(tenant, channel, settings, context.Actor(), now, cancellation)
            ? await Show(channel, context.User, channels, cancellation)
            : Problems.ChannelNotFound(channel);
    }

    private static async Task<IResult> Pause(
        string channel,
        HttpContext context,
        ChannelStore channels,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var problems = new List<DocumentProblem>();
        var (reason, until) = JobActionsApi.ReadPause(json.Value, now, problems);
        return problems.Count > 0
            ? Problems.InvalidDocument(problems)
            : await SetPauseAsync(channel, new Pause(now, reason, context.Actor().Name, until), context, channels, now, cancellation);
    }

    private static Task<IResult> Resume(
        string channel,
        HttpContext context,
        ChannelStore channels,
        TimeProvider time,
        CancellationToken cancellation
    ) => SetPauseAsync(channel, null, context, channels, time.GetUtcNow(), cancellation);

    private static async Task<IResult> SetPauseAsync(
        string channel,
        Pause? pause,
        HttpContext context,
        ChannelStore channels,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        await channels.SetPauseAsync(context.User.Tenant(), channel, pause, context.Actor(), now, cancellation)
            ? await Show(channel, context.User, channels, cancellation)
            : Problems.ChannelNotFound(channel);

    private static ChannelSettings ReadSettings(JsonElement json, List<DocumentProblem> problems)
    {
        if (DocumentObject.Open(json, "", problems, "daily_limit", "in_use_since", "secret") is not { } body)
        {
            return new ChannelSettings(null, null, null);
        }

        DateTimeOffset? since = null;
        if (body.Text("in_use_since", 40) is { } text)
        {
            if (Instants.TryParse(text, out var instant))
            {
                since = instant;
            }
            else
            {
                body.Report("in_use_since", "instant", $"'{text}' is no instant", "write it with its offset, such as 2030-01-31T09:00:00Z");
            }
        }

        return new ChannelSettings(body.Integer("daily_limit", 0, MostMessages), since, SecretOf(body));
    }

    /// <summary>What is no reference may be the secret itself: it is not quoted.</summary>
    private static string? SecretOf(DocumentObject body)
    {
        if (SecretText.Of(body, "secret") is not { } secret)
        {
            return null;
        }

        if (!secret.StartsWith("${", StringComparison.Ordinal) || !secret.EndsWith('}') || Secrets.Problem(secret) is not null)
        {
            body.Report("secret", "secret", "'secret' is not a reference to a secret", "write ${env:NAME} or ${file:PATH}");
        }

        return secret;
    }
}
