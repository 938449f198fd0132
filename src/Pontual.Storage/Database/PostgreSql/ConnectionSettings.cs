using Npgsql;

namespace Pontual.Storage.Database.PostgreSql;

/// <summary>A connection string with our defaults where it says nothing, taken apart into what goes to the driver and what each session sets.</summary>
/// <remarks>Nothing but what every pooler takes is sent when a connection starts: PgBouncer refuses <c>search_path</c> and <c>options</c> there.</remarks>
internal sealed class ConnectionSettings
{
    private const string DefaultSchema = "pontual";
    private const int DefaultPoolSize = 20;
    private const int DefaultPatience = 5;

    /// <summary>A renewal that takes longer is given up: the next one still comes well within the lease.</summary>
    public static readonly TimeSpan UrgentLimit = TimeSpan.FromSeconds(2);

    /// <summary>How much longer than the server the client waits for a statement: the server's word, if it comes, is the better one.</summary>
    private static readonly TimeSpan ClientGrace = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnectionStringBuilder _given;

    public ConnectionSettings(string connectionString)
    {
        _given = new NpgsqlConnectionStringBuilder(connectionString);
        SearchPath = _given.SearchPath ?? DefaultSchema;
        StatementLimit = TimeSpan.FromSeconds(Says("Command Timeout") ? _given.CommandTimeout : 15);
        PoolPatience = TimeSpan.FromSeconds(Says("Timeout") ? _given.Timeout : DefaultPatience);
        PoolSize = Says("Maximum Pool Size") ? _given.MaxPoolSize : DefaultPoolSize;
        Place = $"{_given.Host}:{_given.Port}/{_given.Database ?? _given.Username}";
    }

    /// <summary>Host, port and database, for people.</summary>
    public string Place { get; }

    /// <summary>The schema of our tables.</summary>
    public string SearchPath { get; }

    /// <summary>Longest a statement may take; zero for no limit.</summary>
    public TimeSpan StatementLimit { get; }

    /// <summary>Most connections for ordinary work.</summary>
    public int PoolSize { get; }

    /// <summary>How long to wait for a connection, from the pool and from the server.</summary>
    public TimeSpan PoolPatience { get; }

    /// <summary>For work that may wait its turn.</summary>
    public NpgsqlConnectionStringBuilder Ordinary(bool isPooled)
    {
        var settings = Common(isPooled);
        settings.MaxPoolSize = PoolSize;
        settings.CommandTimeout = StatementLimit == TimeSpan.Zero ? 0 : (int)(StatementLimit + ClientGrace).TotalSeconds;
        return settings;
    }

    /// <summary>For lease renewals: few, and impatient.</summary>
    public NpgsqlConnectionStringBuilder Urgent(bool isPooled)
    {
        var settings = Common(isPooled);
        settings.MaxPoolSize = 4;
        settings.ApplicationName += " (leases)";
        settings.Timeout = (int)UrgentLimit.TotalSeconds;
        settings.CommandTimeout = (int)UrgentLimit.TotalSeconds;
        settings.CancellationTimeout = -1;
        return settings;
    }

    /// <summary>For one connection outside of all pools.</summary>
    public NpgsqlConnectionStringBuilder Single(string use)
    {
        var settings = Common(isPooled: true);
        settings.Pooling = false;
        settings.ApplicationName += $" ({use})";
        return settings;
    }

    /// <summary>What a session (or, behind a pooler, a transaction) sets first.</summary>
    public (string Name, string Value)[] SessionValues(TimeSpan statementLimit) =>
        [
            ("search_path", SearchPath),
            ("statement_timeout", Milliseconds(statementLimit)),
            // A node that was stopped in a transaction holds its rows so long, and no longer. What the server takes for a statement does not count, however slow
            // it is: only our own time between two statements, which is far less. One that is thrown out without cause begins again.
            ("idle_in_transaction_session_timeout", "3000"),
            // Longer than that: who waits behind such a node goes on when it is thrown out.
            ("lock_timeout", "12000"),
            // Our statements are short; compiling them takes longer than running them.
            ("jit", "off"),
            // Each finds its rows by an index, and many at once row by row: whatever the statistics say, which are of a queue as it was a minute ago.
            // So little is left to choose that a plan is made once for a connection: for small claims and settlements planning was half of the server's work.
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_seqscan", "off"),
            ("enable_bitmapscan", "off"),
            ("enable_hashjoin", "off"),
            ("enable_mergejoin", "off"),
        ];

    private NpgsqlConnectionStringBuilder Common(bool isPooled)
    {
        var settings = new NpgsqlConnectionStringBuilder(_given.ConnectionString) { SearchPath = null };
        settings.ApplicationName ??= "pontual";
        Default("Timeout", () => settings.Timeout = DefaultPatience);
        Default("TCP Keepalive", () => (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 10, 3));
        Default("Host Recheck Seconds", () => settings.HostRecheckSeconds = 2);
        // We leave nothing in a session that the next user must be kept from.
        Default("No Reset On Close", () => settings.NoResetOnClose = true);
        if (!isPooled)
        {
            Default("Max Auto Prepare", () => (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (100, 2));
        }

        return settings;
    }

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString();

    // Not ContainsKey: that one is true of every word the driver knows.
    private bool Says(string word) => _given.Keys.Contains(word, StringComparer.OrdinalIgnoreCase);

    private void Default(string word, Action set)
    {
        if (!Says(word))
        {
            set();
        }
    }
}
