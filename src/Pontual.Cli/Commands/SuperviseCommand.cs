using System.CommandLine;
using Pontual.Runners.Process;

namespace Pontual.Cli.Commands;

/// <summary>The small process that a node keeps beside it, to end what the node started when the node itself is dead. Not for people.</summary>
internal static class SuperviseCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Supervisor.Verb, "For Pontual itself") { Hidden = true };
        return command.Does(
            [arguments],
            async (session, _) =>
            {
                await using var input = Console.OpenStandardInput();
                return await Supervisor.RunAsync(session.Parsed.GetValue(arguments) ?? [], input, TimeProvider.System);
            }
        );
    }
}
