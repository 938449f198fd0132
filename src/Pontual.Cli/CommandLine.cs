using System.CommandLine;
using Pontual.Cli.Commands;
using Pontual.Cli.Terminal;
using Pontual.Engine.Jobs;

namespace Pontual.Cli;

/// <summary>The program from its arguments to its exit code: whatever happens, people get one clear line and scripts a number.</summary>
internal static class CommandLine
{
    /// <summary>Verbs that stop in their own way, draining what runs.</summary>
    private static readonly string[] LongRunning = ["serve", "demo", "watch", "internal-supervise"];

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        // No response files: an argument such as @home is what it says.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var screen = new Screen(parsed.GetValue(GlobalOptions.Json));
        if (parsed.Errors.Count > 0 && parsed.Action?.ClearsParseErrors != true)
        {
            return WrongUsage(parsed, screen);
        }

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        if (LongRunning.Contains(parsed.CommandResult.Command.Name))
        {
            configuration.ProcessTerminationTimeout = null;
        }

        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure)
        {
            return Report(failure, screen);
        }
    }

    /// <summary>The tree of verbs.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("Pontual runs jobs on time, once, and keeps a record of every due time.");
        GlobalOptions.AddTo(root);
        var commands = (Command[])
            [
                ServeCommand.Create(),
                DemoCommand.Create(),
                JobCommands.Create(),
                RunCommands.Create(),
                QueueCommands.Create(),
                QueueCommands.CreateLimits(),
                CalendarCommands.Create(),
                CheckCommands.Create(),
                WatchCommand.Create(),
                ApplyCommand.Create(),
                ExportCommand.Create(),
                ImportCommand.Create(),
                SimulateCommand.Create(),
                TokenCommands.Create(),
                UserCommands.Create(),
                AuditCommand.Create(),
                EventsCommand.Create(),
                HealthCommand.Create(),
                DoctorCommand.Create(),
                NodesCommand.Create(),
                CircuitCommands.Create(),
                AlertCommands.Create(),
                SessionCommands.Create(),
                GatewayCommands.Create(),
                WebhookCommands.Create(),
                DbCommands.Create(),
                CompletionCommand.Create(),
                SuperviseCommand.Create(),
            ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        return root;
    }

    private static int WrongUsage(ParseResult parsed, Screen screen)
    {
        var path = string.Join(' ', CommandPath(parsed.CommandResult));
        screen.Error(Mistake(parsed), [$"See '{path} --help'."]);
        return ExitCode.Usage;
    }

    /// <summary>The one mistake worth telling: a word that nothing takes explains the words that are missing.</summary>
    private static string Mistake(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [var unknown, ..])
        {
            return parsed.Errors[0].Message;
        }

        var command = parsed.CommandResult.Command;
        var words = unknown.StartsWith('-')
            ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options)).Select(option => option.Name)
            : command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name);
        var hint = DidYouMean.Hint(unknown, words);
        return $"'{unknown}' is not known here{(hint.Length > 0 ? $": {hint.TrimEnd()}" : ".")}";
    }

    private static IEnumerable<string> CommandPath(System.CommandLine.Parsing.CommandResult result)
    {
        var names = new List<string>();
        for (var at = result; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Add(at.Command is RootCommand ? "pontual" : at.Command.Name);
        }

        names.Reverse();
        return names;
    }

    private static int Report(Exception failure, Screen screen)
    {
        switch (failure)
        {
            case CommandFailure known:
                screen.Error(known.Message, known.Details);
                return known.ExitCode;
            case IOException or UnauthorizedAccessException:
                screen.Error(failure.Message, []);
                return ExitCode.Failed;
            default:
                screen.Error($"{failure.Message} ({failure.GetType().Name}; set PONTUAL_TRACE=1 to see where)", []);
                if (Environment.GetEnvironmentVariable("PONTUAL_TRACE") is "1")
                {
                    screen.Note(failure.ToString());
                }

                return ExitCode.Failed;
        }
    }
}
