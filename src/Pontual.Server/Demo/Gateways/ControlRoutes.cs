using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>The routes by which people let something go wrong: <c>/control/faults</c>, <c>/control/sessions</c>, <c>/control/messages</c>, <c>/control/helps</c>, <c>/control/log</c>.</summary>
internal sealed class ControlRoutes(SimulatedGateway gateway)
{
    public void Map(WebApplication app)
    {
        app.MapPost("/control/sessions", Add);
        app.MapGet("/control/sessions", () => Results.Json(gateway.Kinds.SelectMany(gateway.SessionsOf).Select(Shown)));
        app.MapPost("/control/faults", Apply);
        app.MapDelete("/control/faults", End);
        app.MapPost("/control/messages", Write);
        app.MapPost("/control/scans", Scan);
        app.MapPost("/control/helps", Help);
        app.MapGet(
            "/control/log",
            () => Results.Json(new { commands = gateway.Commands.Select(Shown), webhooks = gateway.Deliveries.Select(Shown) })
        );
        app.MapPost("/elsewhere", () => Results.Ok());
    }

    private IResult Add(NewSession body)
    {
        if (!GatewayKinds.TryParse(body.Gateway, out var kind) || !gateway.Kinds.Contains(kind))
        {
            return Wrong($"gateway: '{body.Gateway}' is none of {GatewayKinds.All}");
        }

        if (string.IsNullOrEmpty(body.Id) || string.IsNullOrEmpty(body.Phone) || gateway.Find(kind, body.Id) is not null)
        {
            return Wrong("id, phone: give both, and an id that is not taken");
        }

        var webhook = body.Webhook is { } url ? new SimulatedWebhook(url) { Secret = body.Secret, Events = body.Events ?? [] } : null;
        return Results.Json(Shown(gateway.Add(kind, body.Id, body.Phone, webhook)), statusCode: StatusCodes.Status201Created);
    }

    private IResult Apply(NewFault body) =>
        On(
            body,
            (kind, session, word) =>
            {
                var fault = new Fault(word)
                {
                    For = body.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                    Times = body.Times,
                    Recovery = Enum.TryParse<Recovery>(body.Recovery, ignoreCase: true, out var recovery) ? recovery : Recovery.Restart,
                };
                if (session is null)
                {
                    gateway.Apply(kind, fault);
                }
                else
                {
                    session.Apply(fault);
                }
            }
        );

    private IResult End([Microsoft.AspNetCore.Mvc.FromBody] NewFault body) =>
        On(
            body,
            (kind, session, word) =>
            {
                if (session is null)
                {
                    gateway.End(kind, word);
                }
                else
                {
                    session.End(word);
                }
            }
        );

    private IResult On(NewFault body, Action<GatewayKind, SimulatedSession?, FaultKind> act)
    {
        if (!GatewayKinds.TryParse(body.Gateway, out var kind) || !gateway.Kinds.Contains(kind))
        {
            return Wrong($"gateway: '{body.Gateway}' is none of {GatewayKinds.All}");
        }

        if (!FaultKinds.TryParse(body.Fault, out var word))
        {
            return Wrong($"fault: '{body.Fault}' is none of {FaultKinds.All}");
        }

        var session = body.Session is null ? null : gateway.Find(kind, body.Session);
        if (body.Session is not null && session is null)
        {
            return Wrong($"session: there is none called '{body.Session}' at {body.Gateway}");
        }

        act(kind, session, word);
        return Results.NoContent();
    }

    private IResult Write(NewMessage body)
    {
        if (
            !GatewayKinds.TryParse(body.Gateway, out var kind)
            || body.Session is null
            || gateway.Find(kind, body.Session) is not { } session
        )
        {
            return Wrong("gateway, session: name a session that there is");
        }

        if (string.IsNullOrEmpty(body.From) == string.IsNullOrEmpty(body.To) || body.Text is null)
        {
            return Wrong("from, to, text: give a text, and either who writes it or whom it is typed to on the phone");
        }

        var message = body.From is { Length: > 0 } from ? session.Receive(from, body.Text, body.Group) : session.Type(body.To!, body.Text);
        return Results.Json(new { id = message.Id }, statusCode: StatusCodes.Status201Created);
    }

    private IResult Scan(NewFault body)
    {
        if (
            !GatewayKinds.TryParse(body.Gateway, out var kind)
            || body.Session is null
            || gateway.Find(kind, body.Session) is not { Link: Link.Pairing } session
        )
        {
            return Wrong("gateway, session: name a session that shows a code");
        }

        session.Scan();
        return Results.NoContent();
    }

    private IResult Help(NewFault body) =>
        On(
            body,
            (kind, session, word) =>
            {
                if (session is null)
                {
                    gateway.End(kind, word);
                }
                else
                {
                    session.Help(word);
                }
            }
        );

    private static IResult Wrong(string error) => Results.Json(new { error }, statusCode: StatusCodes.Status400BadRequest);

    private static object Shown(SimulatedSession session) =>
        new
        {
            gateway = session.Kind.Word(),
            id = session.Id,
            phone = session.Phone,
            link = session.Link.ToString(),
            alive = session.IsAlive,
            paired = session.IsPaired,
            tells_us = session.TellsUs,
            restricted = session.IsRestricted,
            stored = session.Stored,
            waiting = session.Waiting,
        };

    private static object Shown(SimulatedCommand command) =>
        new
        {
            at = command.At,
            gateway = command.Gateway.Word(),
            session = command.Session,
            command = command.Kind.ToString(),
            link = command.Link.ToString(),
            link_since = command.LinkSince,
            restricted = command.WasRestricted,
            detail = command.Detail,
        };

    private static object Shown(SimulatedDelivery delivery) =>
        new
        {
            at = delivery.At,
            gateway = delivery.Gateway.Word(),
            session = delivery.Session,
            @event = delivery.Event,
            attempt = delivery.Attempt,
            status = delivery.Status,
        };

    private sealed record NewSession(string? Gateway, string? Id, string? Phone, string? Webhook, string? Secret, string[]? Events);

    private sealed record NewFault(string? Gateway, string? Session, string? Fault, double? Seconds, int? Times, string? Recovery);

    private sealed record NewMessage(string? Gateway, string? Session, string? From, string? To, string? Text, string? Group);
}
