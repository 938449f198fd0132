using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Pontual.Server.Packs;

/// <summary>A line of a crontab that runs something.</summary>
/// <param name="Schedule">Five fields, or a macro.</param>
/// <param name="User">The user of a system crontab's line; null for the owner.</param>
/// <param name="Command">All the rest, <c>%</c> not yet judged.</param>
internal sealed partial record CrontabEntry(string Schedule, string? User, string Command)
{
    private const string AtReboot = "@reboot";

    private static readonly HashSet<string> Macros = new(
        [AtReboot, "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether it runs at each start, and at no time.</summary>
    public bool IsAtStart => Schedule.Equals(AtReboot, StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes a line apart.</summary>
    /// <returns>False when it is none; <paramref name="reason"/> says why.</returns>
    public static bool TryRead(
        string line,
        bool hasUser,
        [NotNullWhen(true)] out CrontabEntry? entry,
        [NotNullWhen(false)] out string? reason
    )
    {
        entry = null;
        reason = MacroProblem(line.Split(' ', '\t')[0]);
        if (reason is not null || line.Any(letter => char.IsControl(letter) && letter != '\t'))
        {
            reason ??= "there is a control character in it";
            return false;
        }

        var parts = (line[0] == '@' ? MacroLine() : FieldsLine()).Match(line);
        var command = parts.Groups["command"].Value;
        var user = UserAndCommand().Match(command);
        if (!parts.Success || (hasUser && !user.Success))
        {
            reason = parts.Success
                ? "a system crontab has a user before the command, and here is only one word"
                : "it is neither a setting (NAME=value) nor a schedule (five fields or a macro) with a command";
            return false;
        }

        var schedule = Blanks().Replace(parts.Groups["schedule"].Value, " ");
        entry = hasUser
            ? new CrontabEntry(schedule, user.Groups["user"].Value, user.Groups["command"].Value)
            : new CrontabEntry(schedule, null, command);
        return true;
    }

    /// <summary>Whether a comment is a line that somebody switched off, or the usual heading of the columns, rather than words about the next line.</summary>
    public static bool IsDisabled(string comment) => Disabled().IsMatch(comment);

    private static string? MacroProblem(string first) =>
        first[0] != '@' || Macros.Contains(first) ? null : $"{first} is not a macro that cron knows: use five fields";

    [GeneratedRegex(@"\A(?<schedule>@[A-Za-z_]+)[ \t]+(?<command>\S.*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex MacroLine();

    [GeneratedRegex(@"\A(?<schedule>[-0-9*]\S*(?:[ \t]+\S+){4})[ \t]+(?<command>\S.*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex FieldsLine();

    [GeneratedRegex(@"\A(?<user>\S+)[ \t]+(?<command>\S.*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex UserAndCommand();

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\A#+[ \t]*(?:@[a-z]+[ \t]|[-0-9*/,]+(?:[ \t]+[-0-9*/,A-Za-z]+){4}[ \t]|m[ \t]+h[ \t])")]
    private static partial Regex Disabled();
}
