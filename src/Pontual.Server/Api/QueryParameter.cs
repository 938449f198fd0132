using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Engine.Limits;
using Pontual.Engine.Runs;
using Pontual.Messaging.Inbox;
using Pontual.Server.Realtime;

namespace Pontual.Server.Api;

/// <summary>A query parameter that an endpoint takes: checked before the endpoint runs, and described in the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Allowed">Its values in words.</param>
internal abstract record QueryParameter(string Name, string Allowed)
{
    /// <summary>What its values are read as.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Whether a text is one of its values.</summary>
    public abstract bool IsValid(string text);
}

/// <summary>A query parameter with its type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Allowed">Its values in words.</param>
/// <param name="Parse">Reads a value; the second of the pair is false for what is none.</param>
/// <param name="Fallback">What it is when it is omitted.</param>
internal sealed record QueryParameter<T>(string Name, string Allowed, Func<string, (T Value, bool Valid)> Parse, T Fallback)
    : QueryParameter(Name, Allowed)
{
    /// <inheritdoc/>
    public override Type ValueType => typeof(T);

    /// <inheritdoc/>
    public override bool IsValid(string text) => Parse(text).Valid;

    /// <summary>The value in a request that was checked.</summary>
    public T Of(HttpRequest request)
    {
        if (!request.Query.TryGetValue(Name, out var texts))
        {
            return Fallback;
        }

        var (value, valid) = Parse(texts.ToString());
        return valid ? value : throw new UnreachableException($"'{Name}' is read by an endpoint that does not declare it.");
    }
}

/// <summary>All query parameters there are.</summary>
internal static class Query
{
    public static readonly QueryParameter<int> Limit = new(
        "limit",
        "a whole number from 1 to 500",
        text => Number(text, out var number) && number is >= 1 and <= 500 ? (number, true) : (0, false),
        50
    );

    public static readonly QueryParameter<JobPath?> JobCursor = new(
        "cursor",
        "the next_cursor of the page before",
        text => JobPath.TryParse(text, out var name) ? (name, true) : (null, false),
        null
    );

    public static readonly QueryParameter<string?> NameCursor = Line("cursor", "the next_cursor of the page before");

    public static readonly QueryParameter<UserName?> UserCursor = new(
        "cursor",
        "the next_cursor of the page before",
        text => UserName.TryParse(text, out var name) ? (name, true) : (null, false),
        null
    );

    public static readonly QueryParameter<Guid?> RunCursor = new(
        "cursor",
        "the next_cursor of the page before",
        text => Guid.TryParseExact(text, "D", out var id) ? (id, true) : (null, false),
        null
    );

    public static readonly QueryParameter<LimitScope?> LimitScope = new(
        "scope",
        "queue or key",
        text => text is "queue" ? (Engine.Limits.LimitScope.Queue, true) : (Engine.Limits.LimitScope.Key, text is "key"),
        null
    );

    public static readonly QueryParameter<(LimitScope Scope, string Name)?> LimitCursor = new(
        "cursor",
        "the next_cursor of the page before",
        text =>
            // PostgreSQL has no texts with NUL.
            text.Contains('\0')
                ? (null, false)
            : text.StartsWith("queue:", StringComparison.Ordinal) ? ((Engine.Limits.LimitScope.Queue, text[6..]), true)
            : text.StartsWith("key:", StringComparison.Ordinal) ? ((Engine.Limits.LimitScope.Key, text[4..]), true)
            : (null, false),
        null
    );

    public static readonly QueryParameter<JobPath?> Job = new(
        "job",
        $"a job's name ({JobName.Rule})",
        text => JobPath.TryParse(text, out var name) ? (name, true) : (null, false),
        null
    );

    public static readonly QueryParameter<RunState?> State = new(
        "state",
        $"one of {string.Join(", ", Enum.GetValues<RunState>().Select(Words.Of))}",
        text => Words.TryState(text, out var state) ? (state, true) : (null, false),
        null
    );

    public static readonly QueryParameter<DateTimeOffset?> From = new(
        "from",
        "an instant with its offset, such as 2026-01-31T09:00:00Z",
        text => Instants.TryParse(text, out var instant) ? (instant, true) : (null, false),
        null
    );

    public static readonly QueryParameter<WhyAt?> At = new(
        "at",
        "an instant with its offset, or a local time of the job's zone, such as 2026-01-31T09:00",
        text => WhyAt.TryParse(text, out var at) ? (at, true) : (null, false),
        null
    );

    public static readonly QueryParameter<DateTimeOffset?> To = From with { Name = "to" };

    public static readonly QueryParameter<string?> Actor = Line("actor", "who: token:ID, user:NAME, local, admin-token or pontual");

    public static readonly QueryParameter<string?> Action = Line("action", "an action, or the noun before its dot: job.updated, job");

    public static readonly QueryParameter<string?> Subject = Line("subject", "what was changed: a job's name, a run's or a token's id");

    public static readonly QueryParameter<(DateTimeOffset At, long Id)?> AuditCursor = new(
        "cursor",
        "the next_cursor of the page before",
        Api.AuditCursor.Parse,
        null
    );

    public static readonly QueryParameter<string?> CircuitName = Line(
        "circuit_name",
        "a circuit's name: https://api.example.com, evolution"
    );

    public static readonly QueryParameter<DateOnly?> FromDay = Day("from");

    public static readonly QueryParameter<DateOnly?> ToDay = Day("to");

    public static readonly QueryParameter<AlertWish> AlertState = new(
        "state",
        "open, resolved or all",
        text => (new AlertWish(text == "all" ? null : text == "open"), text is "open" or "resolved" or "all"),
        new AlertWish(IsOpen: true)
    );

    public static readonly QueryParameter<string?> Rule = Line("rule", "a rule: job-stale, node-lost");

    public static readonly QueryParameter<string?> AlertSubject = Line("subject", "what it is about: a job's name, a node, a host");

    public static readonly QueryParameter<WebhookState?> WebhookState = new(
        "state",
        "received, read, failed or refused",
        text =>
            text switch
            {
                "received" => (Messaging.Inbox.WebhookState.Received, true),
                "read" => (Messaging.Inbox.WebhookState.Read, true),
                "failed" => (Messaging.Inbox.WebhookState.Failed, true),
                _ => (Messaging.Inbox.WebhookState.Refused, text is "refused"),
            },
        null
    );

    public static readonly QueryParameter<string?> Gateway = Line("gateway", "a gateway's name");

    public static readonly QueryParameter<string?> GatewaySession = Line("session", "what the gateway calls a session");

    public static readonly QueryParameter<bool> AllowOverlap = new("overlap", "allow", text => (true, text == "allow"), false);

    public static readonly QueryParameter<bool> DryRun = Flag("dry_run");

    public static readonly QueryParameter<bool> Prune = Flag("prune");

    public static readonly QueryParameter<bool> Follow = Flag("follow");

    public static readonly QueryParameter<long> After = new(
        "after",
        "the sequence number of the last piece already read, 0 or more",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, true) : (0, false),
        0
    );

    public static readonly QueryParameter<long?> EventCursor = new(
        "after",
        "the cursor of the last event you have, 0 or more",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, true) : (null, false),
        null
    );

    public static readonly QueryParameter<TimeSpan> Wait = new(
        "wait",
        "whole seconds from 0 to 60",
        text => Number(text, out var number) && number <= 60 ? (TimeSpan.FromSeconds(number), true) : (TimeSpan.Zero, false),
        TimeSpan.Zero
    );

    public static readonly QueryParameter<TopicsWish> Topics = new("topics", Subscription.Rule, TopicsWish.Read, TopicsWish.All);

    /// <summary>Declares the query parameters of an endpoint: others, repeated ones and wrong values are refused before it runs.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params QueryParameter[] parameters) =>
        endpoint
            .WithMetadata(new QueryParameters(parameters))
            .AddEndpointFilter(
                async (context, next) => Check(context.HttpContext.Request, parameters) is { } problem ? problem : await next(context)
            );

    private static IResult? Check(HttpRequest request, QueryParameter[] known)
    {
        foreach (var (name, values) in request.Query)
        {
            var parameter = Array.Find(known, candidate => candidate.Name == name);
            if (parameter is null)
            {
                return Problems.UnknownParameter(name, known.Select(candidate => candidate.Name));
            }

            if (values.Count != 1)
            {
                return Problems.InvalidParameter(name, values.ToString(), "give it once");
            }

            if (!parameter.IsValid(values.ToString()))
            {
                return Problems.InvalidParameter(name, values.ToString(), parameter.Allowed);
            }
        }

        return null;
    }

    private static QueryParameter<string?> Line(string name, string allowed) =>
        new(name, $"{allowed}; at most 200 characters", text => (text, text.Length is > 0 and <= 200 && !text.Any(char.IsControl)), null);

    private static QueryParameter<DateOnly?> Day(string name) =>
        new(
            name,
            "a day, such as 2026-01-31",
            text =>
                DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    ? (day, true)
                    : (null, false),
            null
        );

    private static QueryParameter<bool> Flag(string name) =>
        new(name, "1, true, 0 or false", text => (text is "1" or "true", text is "1" or "true" or "0" or "false"), false);

    internal static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>The query parameters an endpoint declares.</summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All);

/// <summary>Which alerts: open ones, resolved ones, or (null) all.</summary>
internal sealed record AlertWish(bool? IsOpen);
