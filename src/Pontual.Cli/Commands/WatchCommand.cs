using System.CommandLine;
using System.Globalization;
using Pontual.Cli.Connection;
using Pontual.Cli.Terminal;
using Pontual.Cli.Watching;
using Pontual.Engine.Checks;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual watch … -- COMMAND</c>: runs a command as if it were called alone, and reports its start, its end and the end of its output to a check.</summary>
internal static class WatchCommand
{
    /// <summary>How long a check is looked up by name.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var check = new Option<string?>("--check") { Description = "The check to report to, by name", HelpName = "NAME" };
        var url = new Option<string?>("--url") { Description = "The check's ping address, as 'check show' has it", HelpName = "URL" };
        var tail = new Option<int>("--tail")
        {
            Description = "How much of the end of the output to send, up to 100kB; 0 for none",
            HelpName = "SIZE",
            DefaultValueFactory = _ => 10_000,
            CustomParser = result =>
            {
                if (TryReadSize(result.Tokens[0].Value, out var size))
                {
                    return size;
                }

                result.AddError($"--tail '{result.Tokens[0].Value}' is no size: use bytes or kB from 0 to 100kB, such as 10kB.");
                return 0;
            },
        };
        var line = new Argument<string[]>("command")
        {
            Description = "The command and its arguments, after --",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Command(
            "watch",
            "Run a command and report to a check that it ran: watch --check backup -- /usr/local/bin/backup --all"
        ).Does(
            [check, url, tail, line],
            async (session, cancellation) =>
            {
                var (name, address) = (session.Parsed.GetValue(check), session.Parsed.GetValue(url));
                if ((name is null) == (address is null))
                {
                    throw CommandFailure.Usage("give either --check NAME or --url URL: where to report.");
                }

                return await RunAsync(
                    session,
                    address is null ? AddressOfAsync(session, name!) : Task.FromResult(Checked(address)),
                    session.Parsed.GetValue(line)!,
                    session.Parsed.GetValue(tail)
                );
            }
        );
    }

    /// <summary>Reads 500, 10kB or 10KB.</summary>
    internal static bool TryReadSize(string text, out int size)
    {
        var (digits, unit) = text.EndsWith("kB", StringComparison.OrdinalIgnoreCase) ? (text[..^2], 1_000) : (text, 1);
        var valid =
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Ping.LongestBody / unit;
        size = valid ? number * unit : 0;
        return valid;
    }

    private static async Task<int> RunAsync(Session session, Task<string> address, string[] line, int size)
    {
        using var sender = new PingSender(address);
        var start = sender.StartAsync();
        var tail = size == 0 ? null : new OutputTail(size);
        var exitCode = await WatchedCommand.RunAsync(line, tail);
        await start;
        if (await sender.EndAsync(exitCode, tail?.ToArray() ?? []) is { } problem)
        {
            session.Screen.Note($"pontual: the end of {line[0]} ({exitCode}) could not be reported: {problem}");
        }

        return exitCode;
    }

    private static string Checked(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0
            ? address.TrimEnd('/')
            : throw CommandFailure.Usage($"--url '{address}' is no ping address: use the one that 'pontual check show' has.");

    private static async Task<string> AddressOfAsync(Session session, string name)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        var api = await session.ConnectAsync(limit.Token);
        var check = await api.GetAsync($"api/v1/checks/{Uri.EscapeDataString(name)}", limit.Token);
        return check.Text("ping_url")
            ?? throw new CommandFailure(ExitCode.Refused, "the token may not see ping addresses: one of scope 'operate' is needed");
    }
}
