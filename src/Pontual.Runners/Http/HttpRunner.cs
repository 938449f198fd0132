using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Runners.Http;

/// <summary>Calls a URL and judges the answer: <c>http: {url, method, headers, body, …}</c>.</summary>
internal sealed class HttpRunner(
    IOptions<HttpRunnerOptions> options,
    ISecrets secrets,
    CallbackTokens callbacks,
    TimeProvider time,
    ICircuits? circuits = null
) : IRunner, IDisposable
{
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<long, (Target Written, HttpTarget Read)> _known = new();
    private readonly HttpClients _clients = new((host, cancellation) => options.Value.Resolve(host, cancellation), time);

    public string Kind => "http";

    public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant)
    {
        var problems = new List<DocumentProblem>();
        HttpTargetReader.Read(settings, problems);
        return problems;
    }

    public async Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation)
    {
        var problems = new List<DocumentProblem>();
        if (Known(attempt.Leased.Job, problems) is not { } target)
        {
            return new Outcome.Failure(FailureKinds.Target, $"The target's {problems[0].Path}: {problems[0].Message}: {problems[0].Fix}");
        }

        var resolved = new ResolvedSecrets(secrets);
        try
        {
            var callback = target.Callback ? await CallbackForAsync(attempt.Leased, resolved, cancellation) : null;
            var request = new OutgoingRequest(target, attempt, resolved, callback);
            return await ExchangeAsync(attempt, target, request, new Judge(target, attempt, resolved), cancellation);
        }
        catch (Exception failure) when (failure is TargetException or SecretMissingException)
        {
            return new Outcome.Failure(FailureKinds.Target, resolved.Mask(failure.Message));
        }
    }

    public void Dispose() => _clients.Dispose();

    /// <summary>The job's target, read once for as long as it stays the same: reading costs as much as a tenth of the whole call.</summary>
    private HttpTarget? Known(Job job, List<DocumentProblem> problems)
    {
        var written = job.Definition.Target;
        if (_known.TryGetValue(job.Id, out var known) && known.Written == written)
        {
            return known.Read;
        }

        if (HttpTargetReader.Read(written.Settings, problems) is not { } read)
        {
            return null;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[job.Id] = (written, read);
        return read;
    }

    private async Task<Outcome> ExchangeAsync(
        AttemptContext attempt,
        HttpTarget target,
        OutgoingRequest request,
        Judge judge,
        CancellationToken cancellation
    )
    {
        var client = _clients.For(target, target.PublicOnly || options.Value.PublicOnly);
        LeasedConnection.AskBeforeSending(attempt.MayGoOn);
        for (var hop = 0; ; hop++)
        {
            if (!target.Allow.Allows(request.Url))
            {
                throw new TargetException($"{request.Url.IdnHost} is not in the target's list of allowed hosts");
            }

            var leave = circuits is null
                ? default
                : await circuits.AskAsync(CircuitKey.Of(attempt.Leased.Run.Job.Tenant, request.Url), NodeOf(attempt), cancellation);
            if (leave.Refusal is { } refusal)
            {
                return refusal.ToOutcome();
            }

            var end = CallEnd.Unknown;
            try
            {
                using var message = request.ToMessage();
                if (!attempt.MayGoOn())
                {
                    return new Outcome.Interrupted();
                }

                using var answer = await client.SendAsync(message, cancellation);
                if (target.Redirects == 0 || NextHop(answer, request.Url, target) is not { } next)
                {
                    var outcome = await judge.JudgeAsync(answer, request, cancellation);
                    end = Judge.EndOf(outcome);
                    return outcome;
                }

                end = CallEnd.Answered;
                if (hop == target.Redirects)
                {
                    return judge.TooManyRedirects(request, (int)answer.StatusCode);
                }

                request.Follow(answer.StatusCode, next);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception failure) when (Cause<LeaseOverException>(failure) is not null)
            {
                return new Outcome.Interrupted();
            }
            catch (Exception failure) when (failure is not TargetException)
            {
                if (Cause<TargetException>(failure) is { } refused)
                {
                    throw refused;
                }

                var broken = judge.Broken(failure, request);
                end = Judge.EndOf(broken);
                return broken;
            }
            finally
            {
                await leave.EndAsync(end);
            }
        }
    }

    private static string NodeOf(AttemptContext attempt) => attempt.Leased.Run.Node ?? "";

    /// <returns>Where the answer points; null when it is the last one.</returns>
    private static Uri? NextHop(HttpResponseMessage answer, Uri from, HttpTarget target)
    {
        if (
            answer.StatusCode
                is not (
                    HttpStatusCode.MovedPermanently
                    or HttpStatusCode.Found
                    or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect
                    or HttpStatusCode.PermanentRedirect
                )
            || target.Success.AllowsStatus((int)answer.StatusCode)
            || answer.Headers.Location is not { } location
        )
        {
            return null;
        }

        return Uri.TryCreate(from, location, out var next) ? next : null;
    }

    /// <summary>The guards speak from inside the connection: the client wraps what they throw.</summary>
    private static T? Cause<T>(Exception failure)
        where T : Exception
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is T wanted)
            {
                return wanted;
            }
        }

        return null;
    }

    private async ValueTask<Callback?> CallbackForAsync(LeasedRun leased, ResolvedSecrets resolved, CancellationToken cancellation)
    {
        if (options.Value.CallbackBaseUrl is not { } basis)
        {
            return null;
        }

        var token = await callbacks.CreateAsync(leased.Run.Id, leased.LeaseToken, cancellation);
        resolved.Remember(token);
        return new Callback($"{basis.AbsoluteUri.TrimEnd('/')}/api/v1/runs/{leased.Run.Id:D}/complete", token);
    }
}
