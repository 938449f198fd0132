using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pontual.Messaging.Channels.Gateways;

namespace Pontual.Server.Demo.Gateways;

/// <summary>What all faces share: the clock, the sessions, the numbers of the platform, what was commanded and what is to happen.</summary>
internal sealed class World : IDisposable
{
    private readonly List<SimulatedSession> _sessions = [];
    private readonly Dictionary<GatewayKind, FaultBoard> _boards;
    private readonly List<SimulatedCommand> _commands = [];
    private readonly HashSet<string> _unknownNumbers = new(StringComparer.Ordinal);

    public World(SimulationOptions options)
    {
        Options = options;
        Agenda = new Agenda(Gate, options.Time);
        _boards = Enum.GetValues<GatewayKind>().ToDictionary(kind => kind, _ => new FaultBoard(options.Time));
    }

    /// <summary>Held while anything of the world is read or changed.</summary>
    public Lock Gate { get; } = new();

    public SimulationOptions Options { get; }

    public Agenda Agenda { get; }

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    /// <summary>Takes what happens to a session to its face. Set once, before anything happens.</summary>
    public Action<SimulatedSession, SimulatedEvent> Tell { get; set; } = (_, _) => { };

    /// <summary>Where webhooks go whose setting was stolen.</summary>
    public string Elsewhere { get; set; } = "";

    public IReadOnlyList<SimulatedCommand> Commands()
    {
        lock (Gate)
        {
            return [.. _commands];
        }
    }

    public FaultBoard BoardOf(GatewayKind kind) => _boards[kind];

    public IReadOnlyList<SimulatedSession> SessionsOf(GatewayKind kind)
    {
        lock (Gate)
        {
            Agenda.CatchUp();
            return [.. _sessions.Where(session => session.Kind == kind)];
        }
    }

    public SimulatedSession? Find(GatewayKind kind, string id)
    {
        lock (Gate)
        {
            Agenda.CatchUp();
            return _sessions.Find(session => session.Kind == kind && session.Id == id);
        }
    }

    public SimulatedSession Add(GatewayKind kind, string id, string phone)
    {
        lock (Gate)
        {
            if (Find(kind, id) is not null)
            {
                throw new ArgumentException($"there is a session '{id}' at {kind.Word()} already", nameof(id));
            }

            var session = new SimulatedSession(this, kind, id, phone);
            _sessions.Add(session);
            return session;
        }
    }

    public void Remove(SimulatedSession session)
    {
        lock (Gate)
        {
            session.Stop();
            _sessions.Remove(session);
        }
    }

    public void Note(SimulatedSession session, CommandKind kind, string detail)
    {
        lock (Gate)
        {
            _commands.Add(
                new SimulatedCommand(Now, session.Kind, session.Id, kind, session.Link, session.LinkSince, session.IsRestricted, detail)
            );
        }
    }

    /// <summary>Notes that a message is sent, so that its answer can be lost.</summary>
    public void NoteSend(HttpContext context, SimulatedSession session, string detail)
    {
        Note(session, CommandKind.Send, detail);
        context.Items[typeof(CommandKind)] = session;
    }

    /// <summary>Lets a number have no WhatsApp.</summary>
    public void Forget(string phone)
    {
        lock (Gate)
        {
            _unknownNumbers.Add(phone);
        }
    }

    public bool Exists(string phone)
    {
        lock (Gate)
        {
            return !_unknownNumbers.Contains(phone);
        }
    }

    /// <summary>What the platform calls a number: for Brazilian mobiles outside the areas 11 to 28 without the ninth digit.</summary>
    public static string CanonicalOf(string phone) =>
        phone.Length == 13
        && phone.StartsWith("55", StringComparison.Ordinal)
        && phone[4] == '9'
        && int.Parse(phone.AsSpan(2, 2), CultureInfo.InvariantCulture) >= 31
            ? phone.Remove(4, 1)
            : phone;

    /// <summary>The hidden id of a number (lid): the same for the same number and seed.</summary>
    public string LidOf(string phone) =>
        (BitConverter.ToUInt64(Hash("lid", phone), 0) % 900_000_000_000_000 + 100_000_000_000_000).ToString(CultureInfo.InvariantCulture);

    /// <summary>An id in capital hexadecimal digits that only the seed and the parts decide.</summary>
    public string Id(int length, params ReadOnlySpan<string> parts) => Convert.ToHexString(Hash(parts))[..length];

    /// <summary>A number from 0 to 1 that only the seed and the parts decide.</summary>
    public double Chance(params ReadOnlySpan<string> parts) => BitConverter.ToUInt32(Hash(parts), 0) / (double)uint.MaxValue;

    public void Dispose() => Agenda.Dispose();

    private byte[] Hash(params ReadOnlySpan<string> parts)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Options.Seed}/{string.Join('/', parts)}");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }
}
