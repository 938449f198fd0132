using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pontual.Client;

/// <summary>What a job runs: exactly one kind is set.</summary>
/// <remarks>The settings of each kind are in its page of the documentation; they are handed on as they stand.</remarks>
public sealed record Target
{
    /// <summary>A call over HTTP.</summary>
    public HttpTarget? Http { get; init; }

    /// <summary>A program.</summary>
    public ProcessTarget? Process { get; init; }

    /// <summary>Code in the server's own process.</summary>
    public HandlerTarget? Handler { get; init; }

    /// <summary>A statement on a PostgreSQL.</summary>
    public SqlTarget? Sql { get; init; }

    /// <summary>Programs outside claim its runs.</summary>
    public WorkerTarget? Worker { get; init; }

    /// <summary>Kinds that this client does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>A call over HTTP. Secrets stand in it as references: <c>${env:NAME}</c>.</summary>
public sealed record HttpTarget
{
    /// <summary>An absolute http or https URL; may be a template.</summary>
    public required string Url { get; init; }

    /// <summary>GET unless said.</summary>
    public string? Method { get; init; }

    /// <summary>Headers by name.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>What is sent: a text, or JSON.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Which answers are a success.</summary>
    public JsonElement? Success { get; init; }

    /// <summary>Most redirects that are followed, 0 to 20.</summary>
    public int? Redirects { get; init; }

    /// <summary>Longest time for a connection, as a duration.</summary>
    [JsonPropertyName("connect-timeout")]
    public string? ConnectTimeout { get; init; }

    /// <summary>Most that is kept of an answer: <c>64KiB</c>, or a number of bytes.</summary>
    [JsonPropertyName("max-response")]
    public JsonElement? MaxResponse { get; init; }

    /// <summary>The key requests are signed with, as a reference.</summary>
    public string? Sign { get; init; }

    /// <summary><c>any</c> or <c>public-only</c>.</summary>
    public string? Outbound { get; init; }

    /// <summary>The hosts it may reach.</summary>
    public JsonElement? Allow { get; init; }

    /// <summary>A file of authorities to trust.</summary>
    public string? Ca { get; init; }

    /// <summary>Whether an answer 202 means that the target calls back when it is done.</summary>
    public bool? Callback { get; init; }
}

/// <summary>A program: either a command for a shell, or the program and its arguments.</summary>
public sealed record ProcessTarget
{
    /// <summary>For the shell.</summary>
    public string? Command { get; init; }

    /// <summary>The program and its arguments, without a shell.</summary>
    public IReadOnlyList<string>? Argv { get; init; }

    /// <summary>/bin/sh unless said.</summary>
    public string? Shell { get; init; }

    /// <summary>The folder it starts in.</summary>
    public string? Cwd { get; init; }

    /// <summary>Variables of its environment.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Whom it runs as.</summary>
    public string? User { get; init; }

    /// <summary>What it reads.</summary>
    public string? Stdin { get; init; }

    /// <summary>Which exit codes are a success.</summary>
    [JsonPropertyName("success-codes")]
    public JsonElement? SuccessCodes { get; init; }

    /// <summary>Files that are rotated before it starts.</summary>
    public IReadOnlyList<string>? Rotate { get; init; }

    /// <summary>Whether it outlives the server.</summary>
    public bool? Detach { get; init; }

    /// <summary>Where its result is: <c>file</c> or <c>last-line</c>.</summary>
    public string? Result { get; init; }
}

/// <summary>Code in the server's own process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Args">What it is given.</param>
public sealed record HandlerTarget(string Name, JsonElement? Args = null);

/// <summary>A statement on a PostgreSQL.</summary>
/// <param name="Statement">One or more statements.</param>
/// <param name="Connection">Which database, as a reference; null for the installation's own.</param>
/// <param name="Settings">Settings of the session.</param>
public sealed record SqlTarget(string Statement, string? Connection = null, JsonElement? Settings = null);

/// <summary>Programs outside claim its runs.</summary>
/// <param name="Task">What they claim; the job's name unless said.</param>
/// <param name="Args">What they are given.</param>
public sealed record WorkerTarget(string? Task = null, JsonElement? Args = null);
