using System.CommandLine;
using Pontual.Cli.Terminal;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual completion SHELL</c>: prints what makes a shell complete our verbs and options.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Completion for pontual: eval "$(pontual completion bash)"
        _pontual() {
            local IFS=$'\n' line=${COMP_LINE#* } point=$((COMP_POINT - ${#COMP_WORDS[0]} - 1))
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _pontual pontual ./pontual

        """;

    private const string Zsh = """
        # Completion for pontual: eval "$(pontual completion zsh)"
        autoload -Uz bashcompinit && bashcompinit

        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        return new Command("completion", "Print a script that completes commands in your shell").Does(
            [shell],
            (session, _) =>
            {
                Screen.Raw(session.Parsed.GetValue(shell) is "zsh" ? Zsh + Bash : Bash);
                return Task.FromResult(ExitCode.Ok);
            }
        );
    }
}
