using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Pontual.EndToEnd.Tests.Running;
using Pontual.Messaging.Channels.Gateways;
using Pontual.Server.Demo.Gateways;

namespace Pontual.EndToEnd.Tests.Sessions.Fleet;

/// <summary><c>pontual gateway simulate</c> as a process of its own, on a port that stays, with its control routes.</summary>
internal sealed class Simulator(string folder) : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(40);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private PontualProcess? _process;
    private int _starts;

    public int Port { get; } = FreePort();

    public Uri UrlOf(GatewayKind kind) => new($"http://127.0.0.1:{Port}/{(kind is GatewayKind.CloudApi ? "cloud" : kind.Word())}");

    /// <summary>What is wrong with commands of processes that are gone, and of the one that runs.</summary>
    public List<CommandRow> Commands { get; } = [];

    /// <summary>Starts it without sessions; each time another world, so that no id comes twice.</summary>
    public async Task StartAsync()
    {
        string[] arguments = ["gateway", "simulate", "--sessions", "0", "--port", Text(Port), "--seed", Text(++_starts)];
        _process = PontualProcess.Start(folder, arguments);
        await Wait.ForTextAsync(_process, "Ctrl-C stops it", StartTime);
    }

    /// <summary>kill -9: all that it knew is gone.</summary>
    public async Task KillAsync()
    {
        await ReadCommandsAsync();
        await _process!.KillAsync();
        await _process.DisposeAsync();
    }

    /// <summary>Adds a session that is paired and open, and tells us of all that happens.</summary>
    public Task AddAsync(FleetSession session, string webhook) =>
        PostAsync(
            "sessions",
            new
            {
                gateway = session.Kind.Word(),
                id = session.Id,
                phone = session.Phone,
                webhook,
                events = session.Kind is GatewayKind.Waha ? ["*"] : Array.Empty<string>(),
            }
        );

    /// <summary>Lets something go wrong with a session, or with a whole gateway.</summary>
    public Task ApplyAsync(GatewayKind kind, string? session, Fault fault) =>
        PostAsync(
            "faults",
            new
            {
                gateway = kind.Word(),
                session,
                fault = fault.Kind.Word(),
                seconds = fault.For?.TotalSeconds,
                times = fault.Times,
                recovery = fault.Recovery.ToString(),
            }
        );

    /// <summary>A person does what has to be done.</summary>
    public Task HelpAsync(FleetSession session, FaultKind fault) =>
        PostAsync(
            "helps",
            new
            {
                gateway = session.Kind.Word(),
                session = session.Id,
                fault = fault.Word(),
            }
        );

    /// <summary>Somebody writes to a session.</summary>
    public Task WriteAsync(FleetSession session, string text) =>
        PostAsync(
            "messages",
            new
            {
                gateway = session.Kind.Word(),
                session = session.Id,
                from = session.Peer,
                text,
            }
        );

    /// <summary>A program of ours sends by the gateway's own route. Evolution and WAHA tell of it by webhook.</summary>
    /// <returns>Whether the gateway took it.</returns>
    public async Task<bool> SendAsync(FleetSession session, string text)
    {
        var (path, body, key) =
            session.Kind is GatewayKind.Evolution
                ? ($"message/sendText/{session.Id}", (object)new { number = session.Peer, text }, "apikey")
                : (
                    "api/sendText",
                    new
                    {
                        session = session.Id,
                        chatId = $"{session.Peer}@c.us",
                        text,
                    },
                    "X-Api-Key"
                );
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{UrlOf(session.Kind)}/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Add(key, SimulatedGateway.KeyOf(session.Kind));
        try
        {
            using var answer = await _http.SendAsync(request);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // A gateway that restarts breaks connections.
            return false;
        }
    }

    /// <summary>What is true of each session.</summary>
    public async Task<IReadOnlyDictionary<string, Truth>> TruthAsync()
    {
        var all = JsonElement.Parse(await _http.GetStringAsync(Control("sessions")));
        return all.EnumerateArray()
            .ToDictionary(
                row => $"{row.GetProperty("gateway").GetString()}/{row.GetProperty("id").GetString()}",
                row => new Truth(
                    row.GetProperty("alive").GetBoolean(),
                    row.GetProperty("tells_us").GetBoolean(),
                    row.GetProperty("restricted").GetBoolean()
                )
            );
    }

    /// <summary>Adds what the running process was told to do to <see cref="Commands"/>.</summary>
    public async Task ReadCommandsAsync()
    {
        var log = JsonElement.Parse(await _http.GetStringAsync(Control("log")));
        Commands.AddRange(
            log.GetProperty("commands")
                .EnumerateArray()
                .Select(row => new CommandRow(
                    row.GetProperty("at").GetDateTimeOffset(),
                    row.GetProperty("gateway").GetString()!,
                    row.GetProperty("session").GetString()!,
                    Enum.Parse<CommandKind>(row.GetProperty("command").GetString()!),
                    Enum.Parse<Link>(row.GetProperty("link").GetString()!),
                    row.GetProperty("link_since").GetDateTimeOffset(),
                    row.GetProperty("restricted").GetBoolean()
                ))
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Uri Control(string route) => new($"http://127.0.0.1:{Port}/control/{route}");

    private async Task PostAsync(string route, object body)
    {
        using var answer = await _http.PostAsJsonAsync(Control(route), body);
        Assert.True(answer.IsSuccessStatusCode, $"{route} {JsonSerializer.Serialize(body)} → {await answer.Content.ReadAsStringAsync()}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What is true of a session.</summary>
/// <param name="IsAlive">Messages come in and go out.</param>
/// <param name="TellsUs">Its webhooks come to us.</param>
/// <param name="IsRestricted">The platform restricts it.</param>
internal readonly record struct Truth(bool IsAlive, bool TellsUs, bool IsRestricted);

/// <summary>Something that a gateway was told to do.</summary>
internal sealed record CommandRow(
    DateTimeOffset At,
    string Gateway,
    string Session,
    CommandKind Kind,
    Link Link,
    DateTimeOffset LinkSince,
    bool WasRestricted
)
{
    /// <summary>Whether it was on its way since another command, and for so long that a next step is right.</summary>
    public bool FollowsOne(IEnumerable<CommandRow> all) =>
        At - LinkSince >= Office.HangsAfterStep
        && all.Any(other =>
            other.IsRestart && other.Session == Session && other.Gateway == Gateway && (LinkSince - other.At).Duration() < Slack
        );

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>Whether it ends or begins a connection. WAHA restarts a session whose setting is replaced.</summary>
    public bool IsRestart =>
        Kind is CommandKind.Restart or CommandKind.Connect or CommandKind.Start or CommandKind.Stop
        || (Kind is CommandKind.SetWebhook && Gateway == "waha");
}

/// <summary>A session of the fleet.</summary>
internal sealed record FleetSession(GatewayKind Kind, string Id, string Phone)
{
    public string Key => $"{Kind.Word()}/{Id}";

    /// <summary>Who writes to it.</summary>
    public string Peer => $"55118{(int)Kind}{Phone[^2..]}00001";
}
