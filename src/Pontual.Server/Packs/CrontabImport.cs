using System.Text.Json;
using System.Text.RegularExpressions;
using Pontual.Engine.Jobs;
using Pontual.Scheduling.Cron;

namespace Pontual.Server.Packs;

/// <summary>Makes jobs of the lines of a crontab (S1-11). Nothing is dropped silently. Never throws on any text.</summary>
public static class CrontabImport
{
    /// <summary>Reads a crontab, line after line: a setting holds for the lines below it.</summary>
    public static CrontabReading Read(string text, CrontabOptions options)
    {
        var import = new Import(options);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            import.Line(++number, line.TrimEnd('\r'));
        }

        return import.Result();
    }

    /// <summary>One reading: what the lines so far have set and made.</summary>
    private sealed class Import(CrontabOptions options)
    {
        private static readonly ParseOptions AsCronReads = new() { Dialect = CronDialect.Crontab };

        private readonly List<CrontabJob> _jobs = [];
        private readonly List<CrontabRemark> _unimportable = [];
        private readonly List<CrontabRemark> _notes = [];
        private readonly CrontabNames _names = new();
        private readonly CrontabSettings _settings = new(options);
        private string? _comment;

        public void Line(int number, string line)
        {
            var text = line.TrimStart(' ', '\t');
            if (text.Length == 0)
            {
                _comment = null;
            }
            else if (text[0] == '#')
            {
                _comment = CrontabEntry.IsDisabled(text) ? null : text.Trim('#', ' ', '\t');
            }
            else
            {
                if (CrontabSettings.Setting().Match(text) is { Success: true } setting)
                {
                    Set(number, setting);
                }
                else
                {
                    Entry(number, text);
                }

                _comment = null;
            }
        }

        public CrontabReading Result()
        {
            if (_jobs.Count > 0)
            {
                var timeout = Duration.Format(options.Timeout);
                _notes.Insert(
                    0,
                    new(
                        0,
                        "",
                        $"cron has no time limit and runs a command beside itself: each job has 'timeout: {timeout}' and 'overlap: skip'; change them where that is wrong"
                    )
                );
                _notes.Insert(
                    1,
                    new(0, "", "cron forgets what it missed while it was down: each job runs once for that (catch-up: latest)")
                );
                _notes.Insert(2, new(0, "", "remove the lines from the crontab when the jobs are in place, or they run twice"));
            }

            return new CrontabReading(_jobs, _unimportable, _notes);
        }

        private void Set(int number, Match setting)
        {
            if (_settings.Set(setting.Groups["name"].Value, CrontabSettings.Unquoted(setting.Groups["value"].Value)) is { } note)
            {
                _notes.Add(new(number, setting.Value.TrimEnd(), note));
            }
        }

        private void Entry(int number, string text)
        {
            if (!CrontabEntry.TryRead(text, options.SystemFormat, out var entry, out var reason))
            {
                _unimportable.Add(new(number, text.TrimEnd(), reason));
                return;
            }

            if (!entry.IsAtStart && !CronExpression.TryParse(entry.Schedule, AsCronReads, out _, out var wrong))
            {
                var fix = wrong.Suggestion is { } meant ? $" (write '{meant}', if that is what is meant)" : "";
                _unimportable.Add(
                    new(number, text.TrimEnd(), $"'{entry.Schedule}' at column {wrong.Column}: {wrong.Message.TrimEnd('.')}{fix}")
                );
                return;
            }

            var home = entry.User is null ? _settings.Home : _settings.HomeOf(entry.User);
            var command = CrontabCommand.Read(entry.Command, home);
            var json = _settings.Job(entry, command, _comment);
            json["name"] = _names.For(command.Text);
            var problems = new List<DocumentProblem>();
            if (JobDocument.Read(JsonSerializer.SerializeToElement(json), "", problems) is not { } job)
            {
                _unimportable.Add(
                    new(number, text.TrimEnd(), string.Join("; ", problems.Select(problem => $"{problem.Message} ({problem.Fix})")))
                );
                return;
            }

            if (entry.IsAtStart)
            {
                _notes.Add(new(number, job.Name.ToString(), "cron runs this when the machine starts; the job runs when Pontual starts"));
            }

            _names.Take(job.Name);
            _jobs.Add(new CrontabJob(number, job));
            _notes.AddRange(command.Notes.Select(note => new CrontabRemark(number, job.Name.ToString(), note)));
        }
    }
}
