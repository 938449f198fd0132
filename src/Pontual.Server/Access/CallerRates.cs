using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pontual.Engine.Limits;
using Pontual.Server.Api;
using Pontual.Server.Composition;

namespace Pontual.Server.Access;

/// <summary>Bounds how many requests each caller makes in a period on this node, so that a script gone wild does not take the server from the others.</summary>
internal sealed class CallerRates(ServerConfiguration configuration, TimeProvider time)
{
    /// <summary>Above this, callers whose rate is whole again are forgotten.</summary>
    private const int MostKnown = 10_000;

    private readonly Limit? _bound = configuration.RateLimit is { } rate ? new Limit(null, rate, rate.Count) : null;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LimitUse> _uses = new(StringComparer.Ordinal);

    /// <summary>Counts a request of this caller.</summary>
    /// <returns>How it stands after it; null without a limit.</returns>
    public CallerRate? Take(string caller)
    {
        if (_bound is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        lock (_gate)
        {
            var use = _uses.GetValueOrDefault(caller, new LimitUse(_bound, null, 0));
            var isAdmitted = use.Room(now) > 0;
            if (isAdmitted)
            {
                Forget(now);
                _uses[caller] = use = use.Started(now);
            }

            return new CallerRate(isAdmitted, _bound.Rate!.Value, use.Room(now), use.Tat!.Value - now, use.Opens!.Value - now);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        if (_uses.Count < MostKnown)
        {
            return;
        }

        foreach (var caller in _uses.Where(use => use.Value.Tat <= now).Select(use => use.Key).ToList())
        {
            _uses.Remove(caller);
        }
    }
}

/// <summary>A caller's rate after a request.</summary>
/// <param name="IsAdmitted">False: it was too many, and did not count.</param>
/// <param name="Rate">The bound.</param>
/// <param name="Left">How many more are admitted now.</param>
/// <param name="Whole">When the whole number is admitted again.</param>
/// <param name="Opens">When the next one is admitted.</param>
internal readonly record struct CallerRate(bool IsAdmitted, Rate Rate, int Left, TimeSpan Whole, TimeSpan Opens)
{
    /// <summary>The headers of draft-ietf-httpapi-ratelimit-headers: what is allowed, and what is left of it.</summary>
    public void Tell(IHeaderDictionary headers)
    {
        headers["RateLimit-Policy"] = $"\"caller\";q={Rate.Count};w={Seconds(Rate.Period)}";
        headers["RateLimit"] = $"\"caller\";r={Left};t={Seconds(Whole)}";
    }

    /// <summary>Whole seconds, never too few.</summary>
    public static string Seconds(TimeSpan span) => Math.Max(0, Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Puts the rates of callers before the endpoints.</summary>
internal static class CallerRatesRegistration
{
    /// <summary>After authentication: who is not known has limits of its own, and a refused token costs nothing of another's.</summary>
    public static void UseCallerRates(this IApplicationBuilder app)
    {
        var rates = app.ApplicationServices.GetRequiredService<CallerRates>();
        app.Use(
            async (context, next) =>
            {
                if (context.User.Identity?.IsAuthenticated != true || rates.Take(context.User.Subject()) is not { } rate)
                {
                    await next(context);
                    return;
                }

                rate.Tell(context.Response.Headers);
                if (rate.IsAdmitted)
                {
                    await next(context);
                    return;
                }

                var seconds = CallerRate.Seconds(TimeSpan.FromSeconds(Math.Max(1, rate.Opens.TotalSeconds)));
                context.Response.Headers.RetryAfter = seconds;
                await Problems.TooManyRequests(rate.Rate.ToString(), seconds).ExecuteAsync(context);
            }
        );
    }
}
