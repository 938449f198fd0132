namespace Pontual.Client;

/// <summary>Speaks to a Pontual server over its API. May be used from several threads at once; keep one for as long as it is needed.</summary>
/// <remarks>
/// Every method throws <see cref="ProblemException"/> when the server refuses or fails, <see cref="HttpRequestException"/> when it cannot be reached, and
/// <see cref="OperationCanceledException"/> when it was cancelled or took too long.
/// </remarks>
public sealed class PontualClient : IDisposable
{
    private readonly Wire _wire;

    /// <param name="server">Where the server is: <c>https://jobs.example.com</c>.</param>
    /// <param name="token">A token; null to send none.</param>
    public PontualClient(Uri server, string? token = null)
        : this(server, new PontualClientOptions { Token = token }) { }

    /// <param name="server">Where the server is.</param>
    /// <param name="options">How to speak to it.</param>
    public PontualClient(Uri server, PontualClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        _wire = new Wire(server, options);
        Jobs = new JobOperations(_wire);
        Runs = new RunOperations(_wire);
        Schedules = new ScheduleOperations(_wire);
        Calendars = new CalendarOperations(_wire);
        Checks = new CheckOperations(_wire);
        Definitions = new DefinitionOperations(_wire);
        Queues = new QueueOperations(_wire);
        Nodes = new NodeOperations(_wire);
        Circuits = new CircuitOperations(_wire);
        Alerts = new AlertOperations(_wire);
        Gateways = new GatewayOperations(_wire);
        Channels = new ChannelOperations(_wire);
        Webhooks = new WebhookOperations(_wire);
        Workers = new WorkerOperations(_wire);
        Tokens = new TokenOperations(_wire);
        Users = new UserOperations(_wire);
        Session = new SessionOperations(_wire);
        Audit = new AuditOperations(_wire);
        Events = new EventOperations(_wire);
        Health = new HealthOperations(_wire);
    }

    /// <summary>Jobs: what runs, when, and by which rules.</summary>
    public JobOperations Jobs { get; }

    /// <summary>Runs and what they printed.</summary>
    public RunOperations Runs { get; }

    /// <summary>Due times, looked at without keeping anything.</summary>
    public ScheduleOperations Schedules { get; }

    /// <summary>Calendars.</summary>
    public CalendarOperations Calendars { get; }

    /// <summary>Checks of jobs that something else runs.</summary>
    public CheckOperations Checks { get; }

    /// <summary>Files of definitions, as a whole.</summary>
    public DefinitionOperations Definitions { get; }

    /// <summary>Queues and limits.</summary>
    public QueueOperations Queues { get; }

    /// <summary>Nodes.</summary>
    public NodeOperations Nodes { get; }

    /// <summary>Hosts and services outside.</summary>
    public CircuitOperations Circuits { get; }

    /// <summary>Alerts.</summary>
    public AlertOperations Alerts { get; }

    /// <summary>Gateways of WhatsApp.</summary>
    public GatewayOperations Gateways { get; }

    /// <summary>Channels and their sessions.</summary>
    public ChannelOperations Channels { get; }

    /// <summary>Webhooks as gateways sent them.</summary>
    public WebhookOperations Webhooks { get; }

    /// <summary>Doing runs in a program of one's own.</summary>
    public WorkerOperations Workers { get; }

    /// <summary>Tokens.</summary>
    public TokenOperations Tokens { get; }

    /// <summary>Users.</summary>
    public UserOperations Users { get; }

    /// <summary>Logging in and out.</summary>
    public SessionOperations Session { get; }

    /// <summary>Who changed what.</summary>
    public AuditOperations Audit { get; }

    /// <summary>What happened, as it happens.</summary>
    public EventOperations Events { get; }

    /// <summary>How the system is.</summary>
    public HealthOperations Health { get; }

    /// <summary>Closes the connections, unless they are the caller's own.</summary>
    public void Dispose() => _wire.Dispose();
}
