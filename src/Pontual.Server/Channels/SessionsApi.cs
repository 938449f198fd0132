using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;
using Pontual.Messaging.Channels;
using Pontual.Messaging.Channels.Checking;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Access;
using Pontual.Server.Api;
using QRCoder;

namespace Pontual.Server.Channels;

/// <summary>Acting on sessions: checking them all, pairing one, trying a step by hand, unpairing.</summary>
internal static class SessionsApi
{
    private const int PixelsPerModule = 8;

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session-check", Check)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"dry_run\", \"silent_hours\": 1 to 168 } (both optional)", required: false)
            .WithName("CheckSessions")
            .WithSummary(
                "Checks all sessions now, cures what dropped, and answers what was found. While another check goes on it does nothing and says so."
            )
            .Produces<SessionCheckView>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/session-check", Latest)
            .Needs(TokenScope.Read)
            .Takes()
            .WithName("ShowSessionCheck")
            .WithSummary("When sessions were checked last, and what that came to.");
        api.MapPost("/channels/{channel}/cure", Cure)
            .Needs(TokenScope.Operate)
            .Takes()
            .TakesBody("{ \"step\": set-webhook, nudge, restart or stop-start } (optional)", required: false)
            .WithName("CureChannel")
            .WithSummary("Tries a step by hand. Refused while the platform restricts the number, and while the session is on its way.")
            .Produces<CuredView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        api.MapPost("/channels/{channel}/logout", LogOut)
            .Needs(TokenScope.Admin)
            .Takes()
            .WithName("LogOutChannel")
            .WithSummary("Unpairs a session at its gateway: it has to be paired anew with the phone. Pontual never does this by itself.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        api.MapGet("/channels/{channel}/pairing", Pairing)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ShowPairing")
            .WithSummary("What the phone needs for pairing, asked for now: whoever has it can take the account over.")
            .Produces<PairingView>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        api.MapGet("/channels/{channel}/qr", Qr)
            .Needs(TokenScope.Operate)
            .Takes()
            .WithName("ShowQr")
            .WithSummary("The code for pairing as a PNG image.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway);
    }

    private static async Task<IResult> Check(
        HttpContext context,
        SessionCheck check,
        ChannelOptions options,
        CancellationToken cancellation
    )
    {
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        var wish = ReadWish(json.Value, options, problems);
        if (problems.Count > 0)
        {
            return Problems.InvalidDocument(problems);
        }

        var report = await check.RunAsync(context.User.Tenant(), wish, "api", cancellation);
        return TypedResults.Ok(SessionCheckView.Of(report, wish.DryRun));
    }

    private static CheckWish ReadWish(JsonElement json, ChannelOptions options, List<DocumentProblem> problems)
    {
        var wish = new CheckWish { Rules = options.Rules };
        if (DocumentObject.Open(json, "", problems, "dry_run", "silent_hours") is not { } body)
        {
            return wish;
        }

        wish = wish with { DryRun = body.Flag("dry_run") ?? false };
        return body.Integer("silent_hours", 1, 168) is { } hours ? wish.Silent(TimeSpan.FromHours(hours)) : wish;
    }

    private static async Task<Ok<LatestCheckView>> Latest(ClaimsPrincipal caller, CheckTurnStore turns, CancellationToken cancellation)
    {
        var latest = await turns.LatestAsync(caller.Tenant(), cancellation) ?? new LatestCheck(null, null, 0, 0, 0);
        return TypedResults.Ok(
            new LatestCheckView(
                latest.StartedAt,
                latest.EndedAt,
                latest.StartedAt is { } start && !(latest.EndedAt >= start),
                latest.Checks,
                latest.Channels,
                latest.Attempts
            )
        );
    }

    private static async Task<IResult> Cure(string channel, HttpContext context, ChannelActs acts, CancellationToken cancellation)
    {
        if (!(await StrictJson.ReadOptionalAsync(context.Request)).IsJson(out var json, out var problem))
        {
            return problem;
        }

        var problems = new List<DocumentProblem>();
        CureStep? step = null;
        if (DocumentObject.Open(json.Value, "", problems, "step") is { } body && body.Text("step", 32) is { } word)
        {
            if (ChannelWords.TryParse<CureStep>(word, out var wanted))
            {
                step = wanted;
            }
            else
            {
                body.Report("step", "word", $"'{word}' is no step", $"use one of {ChannelWords.All<CureStep>()}");
            }
        }

        return problems.Count > 0
            ? Problems.InvalidDocument(problems)
            : await ActAsync(
                channel,
                async () =>
                    TypedResults.Ok(
                        new CuredView(
                            channel,
                            ChannelWords.Of(await acts.CureAsync(context.User.Tenant(), channel, step, context.Actor(), cancellation))
                        )
                    )
            );
    }

    private static Task<IResult> LogOut(string channel, HttpContext context, ChannelActs acts, CancellationToken cancellation) =>
        ActAsync(
            channel,
            async () =>
            {
                await acts.LogOutAsync(context.User.Tenant(), channel, context.Actor(), cancellation);
                return TypedResults.NoContent();
            }
        );

    private static Task<IResult> Pairing(string channel, ClaimsPrincipal caller, ChannelActs acts, CancellationToken cancellation) =>
        ActAsync(
            channel,
            async () =>
                await acts.PairAsync(caller.Tenant(), channel, cancellation) is { } code
                    ? TypedResults.Ok(
                        new PairingView(code.Png is { } png ? Convert.ToBase64String(png.Span) : null, code.Text, code.Digits)
                    )
                    : NoCode(channel)
        );

    private static Task<IResult> Qr(string channel, HttpContext context, ChannelActs acts, CancellationToken cancellation) =>
        ActAsync(
            channel,
            async () =>
            {
                if (await acts.PairAsync(context.User.Tenant(), channel, cancellation) is not { } code || PngOf(code) is not { } png)
                {
                    return NoCode(channel);
                }

                context.Response.Headers.CacheControl = "no-store";
                return TypedResults.Bytes(png, "image/png");
            }
        );

    private static byte[]? PngOf(PairingCode code) =>
        code.Png is { } png ? png.ToArray()
        : code.Text is { } text ? PngByteQRCodeHelper.GetQRCode(text, QRCodeGenerator.ECCLevel.M, PixelsPerModule)
        : null;

    private static ProblemHttpResult NoCode(string channel) =>
        Problems.NotPossible(channel, "there is no code now: it is paired already, or its gateway needs a moment more to make one");

    private static async Task<IResult> ActAsync(string channel, Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (ChannelException problem)
        {
            return problem.IsUnknown ? Problems.ChannelNotFound(channel) : Problems.NotPossible(channel, problem.Message);
        }
        catch (GatewayException problem)
        {
            return Problems.GatewayFailed(channel, ChannelWords.Of(problem.Fault), problem.Message);
        }
    }
}

/// <summary>A step that was tried by hand.</summary>
internal sealed record CuredView(string Channel, string Step);
