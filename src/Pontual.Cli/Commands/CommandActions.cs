using System.CommandLine;
using Pontual.Cli.Connection;
using Pontual.Engine.Jobs;

namespace Pontual.Cli.Commands;

/// <summary>What verbs are made of.</summary>
internal static class CommandActions
{
    /// <summary>Gives a verb its options, arguments and work.</summary>
    public static Command Does(this Command command, IEnumerable<Symbol> takes, Func<Session, CancellationToken, Task<int>> work)
    {
        foreach (var symbol in takes)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Add(argument);
                    break;
                case Option option:
                    command.Add(option);
                    break;
            }
        }

        command.SetAction(
            async (parsed, cancellation) =>
            {
                await using var session = new Session(parsed);
                return await work(session, cancellation);
            }
        );
        return command;
    }

    /// <summary>A group of verbs.</summary>
    public static Command Group(string name, string description, params Command[] verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Add(verb);
        }

        return group;
    }

    /// <summary>A job's name, checked before anything is sent.</summary>
    public static Argument<string> JobNameArgument()
    {
        var argument = new Argument<string>("name") { Description = "The job's name" };
        argument.Validators.Add(result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (!JobName.TryParse(text, out _))
            {
                result.AddError($"'{text}' is not a job name: {JobName.Rule}.");
            }
        });
        return argument;
    }

    /// <summary>A run's id.</summary>
    public static Argument<Guid> RunIdArgument() =>
        new("id")
        {
            Description = "The run's id, as 'run list' shows it",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!Guid.TryParse(text, out var id))
                {
                    result.AddError(
                        $"'{text}' is not a run id: use the id that 'pontual run list' shows, such as 019aa3c1-8f00-7c21-9d55-0b1f6a6f8e12."
                    );
                }

                return id;
            },
        };

    /// <summary>A whole number between bounds.</summary>
    public static Option<int> Count(string name, string description, int usual, int most, params string[] aliases) =>
        Count(name, description, usual, 1, most, aliases);

    /// <summary>As above, with another least number than 1.</summary>
    public static Option<int> Count(string name, string description, int usual, int least, int most, params string[] aliases)
    {
        var option = new Option<int>(name, aliases)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (!int.TryParse(text, out var number) || number < least || number > most)
            {
                result.AddError($"{name} '{text}' is not a whole number from {least} to {most}.");
            }

            return number;
        };
        return option;
    }
}
