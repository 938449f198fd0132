using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Messaging.Inbox;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Messaging.Tests.Inbox;

/// <summary>An inbox on a database of its own, with one gateway.</summary>
internal sealed class InboxRig : IAsyncDisposable
{
    public const string Secret = "a-webhook-secret";

    private static readonly Statement Messages = new(
        "SELECT session, external_id, text, ack, source FROM message ORDER BY session, external_id"
    );

    private readonly ServiceProvider _services;
    private readonly bool _ownsDatabase;

    private InboxRig(TestDatabase database, ManualTime time, IInboxListener[] listeners, bool ownsDatabase)
    {
        (Database, Time, _ownsDatabase) = (database, time, ownsDatabase);
        var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IRandomBytes, SystemRandomBytes>()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(database.Database)
            .AddSingleton<IGatewayConnector, PlainConnector>();
        new InboxModule().Add(services);
        foreach (var listener in listeners)
        {
            services.AddSingleton(listener);
        }

        _services = services.BuildServiceProvider();
    }

    public static GatewayEntry Gateway { get; } =
        new(new GatewayKey(TenantName.Default, "main"), GatewayKind.Wrapper) { WebhookSecret = Secret, Secrets = ["the-gateways-own-key"] };

    public TestDatabase Database { get; }

    public ManualTime Time { get; }

    public IWebhookLog Log => _services.GetRequiredService<IWebhookLog>();

    public InboxReader Reader => _services.GetRequiredService<InboxReader>();

    public static async Task<InboxRig> StartAsync(Dialect dialect, params IInboxListener[] listeners)
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 8, 9, 0, 0, TimeSpan.Zero));
        return new InboxRig(await TestDatabase.CreateAsync(dialect, time), time, listeners, ownsDatabase: true);
    }

    /// <summary>The same inbox in another process.</summary>
    public InboxRig Another() => new(Database, Time, [], ownsDatabase: false);

    public Task<bool> TakeAsync(byte[] body, string? secret = Secret)
    {
        // Ids rise with time: so that what comes later is later.
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var headers = new Dictionary<string, string> { ["content-type"] = "application/json", ["authorization"] = "Bearer something" };
        if (secret is not null)
        {
            headers["x-webhook-secret"] = secret;
        }

        return _services.GetRequiredService<WebhookIntake>().TakeAsync(Gateway, new WebhookRequest(headers, body), CancellationToken.None);
    }

    public async Task ReadAllAsync()
    {
        while (await Reader.ReadAsync(CancellationToken.None) > 0) { }
    }

    public Task<IReadOnlyList<Webhook>> ListAsync(WebhookState? state = null) =>
        Log.ListAsync(new WebhookQuery(TenantName.Default) { State = state }, 500, CancellationToken.None);

    public Task<List<KeptMessage>> MessagesAsync() =>
        Database.Database.ReadAsync(
            session =>
                session.QueryAsync(
                    Messages,
                    row => new KeptMessage(row.Text(0), row.Text(1), row.TextOrNull(2), (AckLevel?)row.Int32OrNull(3), row.Text(4))
                ),
            CancellationToken.None
        );

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsDatabase)
        {
            await Database.DisposeAsync();
        }
    }
}

/// <summary>A message as it stands in the database.</summary>
internal sealed record KeptMessage(string Session, string Id, string? Text, AckLevel? Ack, string Source);
