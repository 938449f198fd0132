using System.Text.Json;
using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Circuits;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Runners.Http;
using Pontual.TestKit.Running;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

/// <summary>An HTTP runner with an environment of its own.</summary>
internal sealed class HttpRig : IDisposable
{
    private readonly HttpRunner _runner;

    public HttpRig(TimeProvider? time = null, ICircuits? circuits = null)
    {
        var clock = time ?? TimeProvider.System;
        Time = clock;
        _runner = new HttpRunner(
            Microsoft.Extensions.Options.Options.Create(Options),
            new Secrets(name => Environment.GetValueOrDefault(name)),
            Callbacks,
            clock,
            circuits
        );
    }

    public TimeProvider Time { get; }

    public HttpRunnerOptions Options { get; } = new();

    public CallbackTokens Callbacks { get; } = new(new OneSecret());

    public Dictionary<string, string> Environment { get; } = [];

    public IReadOnlyList<DocumentProblem> Check(string settings) => [.. _runner.Check(JsonElement.Parse(settings), default)];

    public AttemptContext Attempt(string settings, string? parameters = null, int number = 1) =>
        TestAttempt.Of("http", settings, parameters, Time, number);

    public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation = default) =>
        _runner.RunAsync(attempt, cancellation);

    public Task<Outcome> RunAsync(string settings, CancellationToken cancellation = default) => RunAsync(Attempt(settings), cancellation);

    public async Task<Outcome.Failure> FailAsync(string settings, CancellationToken cancellation = default) =>
        (await RunAsync(settings, cancellation)).ShouldBeOfType<Outcome.Failure>();

    public void Dispose() => _runner.Dispose();

    /// <summary>A token store that knows nothing but the installation's secret.</summary>
    private sealed class OneSecret : ITokenStore
    {
        public Task<byte[]> InstallationSecretAsync(CancellationToken cancellation) => Task.FromResult(new byte[32]);

        public Task AddAsync(ApiToken token, Actor by, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ApiToken?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<ApiToken>> ListAsync(TenantName? tenant, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> RevokeAsync(TenantName tenant, string id, Actor by, DateTimeOffset now, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task TouchAsync(string id, DateTimeOffset now, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
