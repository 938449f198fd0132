using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pontual.Cli.Terminal;
using Pontual.Storage;
using Pontual.Storage.Database;
using Pontual.Storage.Migrations;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual db …</c>: looks after the database itself.</summary>
internal static class DbCommands
{
    public static Command Create() => CommandActions.Group("db", "Look after the database", Migrate());

    private static Command Migrate()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the statements that would run; change nothing" };
        return new Command("migrate", "Bring the database to this version's schema ('serve' does so by itself)").Does(
            [dryRun],
            async (session, cancellation) =>
            {
                var postgres = session.Parsed.GetValue(GlobalOptions.Postgres);
                var file = Path.Combine(session.Data, "pontual.db");
                if (postgres is null && !File.Exists(file))
                {
                    throw CommandFailure.Failed($"there is no database at {file} yet: 'pontual serve' or 'pontual apply' makes one.");
                }

                try
                {
                    await using var services = new ServiceCollection()
                        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
                        .AddPontualStorage(new StorageOptions { SqlitePath = postgres is null ? file : null, PostgreSql = postgres })
                        .BuildServiceProvider();
                    var migrator = services.GetRequiredService<Migrator>();
                    var plan = session.Parsed.GetValue(dryRun);
                    var steps = plan ? await migrator.PendingAsync(cancellation) : await migrator.MigrateAsync(cancellation);
                    Show(session.Screen, steps, plan);
                    return ExitCode.Ok;
                }
                catch (ArgumentException wrong) when (postgres is not null)
                {
                    throw CommandFailure.Usage($"--postgres is no connection string of PostgreSQL: {wrong.Message}");
                }
                catch (DatabaseException failure)
                {
                    throw new CommandFailure(
                        failure.Fault is DatabaseFault.Unavailable ? ExitCode.Unreachable : ExitCode.Failed,
                        failure.Message
                    );
                }
            }
        );
    }

    private static void Show(Screen screen, IReadOnlyList<Migration> steps, bool plan)
    {
        if (screen.Json)
        {
            var items = steps.Select(step =>
                (JsonNode)
                    new JsonObject
                    {
                        ["version"] = step.Version,
                        ["name"] = step.Name,
                        ["applied"] = !plan,
                    }
            );
            Screen.Write(JsonSerializer.SerializeToElement(new JsonObject { ["items"] = new JsonArray([.. items]) }));
            return;
        }

        if (steps.Count == 0)
        {
            screen.Line("The database is up to date.");
        }

        foreach (var step in steps)
        {
            if (plan)
            {
                Screen.Raw($"-- {step.Version:0000} {step.Name}\n{step.Script.TrimEnd()}\n\n");
            }
            else
            {
                screen.Line($"Took step {step.Version:0000} {Words.Escape(step.Name)}.");
            }
        }
    }
}
