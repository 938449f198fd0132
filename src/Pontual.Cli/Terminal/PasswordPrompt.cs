using System.Text;

namespace Pontual.Cli.Terminal;

/// <summary>Asks for a password: typed unseen and twice on a terminal, else the first line of standard input. Never an argument, which others on the machine see.</summary>
internal static class PasswordPrompt
{
    /// <exception cref="CommandFailure">There is none, or the two differ.</exception>
    public static string Ask(Screen screen)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { Length: > 0 } line
                ? line
                : throw CommandFailure.Usage("there is no password on standard input: write it as one line.");
        }

        screen.Note("Password:");
        var first = ReadUnseen();
        screen.Note("Again:");
        return ReadUnseen() == first ? first : throw CommandFailure.Usage("the two passwords differ; nothing was changed.");
    }

    private static string ReadUnseen()
    {
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        return typed.ToString();
    }
}
