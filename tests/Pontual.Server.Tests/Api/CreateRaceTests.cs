using Pontual.Client;
using Pontual.Server.Tests.Fuzz;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Api;

public sealed class CreateRaceTests
{
    [Theory]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task Of_those_who_make_a_job_of_one_name_at_once_one_does_and_the_others_are_told(Dialect dialect)
    {
        await using var database = dialect is Dialect.PostgreSql ? await TestDatabase.CreateAsync(dialect) : null;
        await using var server = await FuzzServer.StartAsync(database?.Options.PostgreSql);
        using var client = server.Admin;

        for (var round = 0; round < 10; round++)
        {
            var job = new JobDefinition
            {
                Name = $"wanted-{round}",
                Target = new Target { Worker = new WorkerTarget() },
            };
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync(client, job)));

            Assert.Single(answers, answer => answer == "made");
            Assert.All(answers.Where(answer => answer != "made"), answer => Assert.Equal("urn:pontual:problem:job-exists", answer));
        }
    }

    private static async Task<string> TryAsync(PontualClient client, JobDefinition job)
    {
        try
        {
            await client.Jobs.CreateAsync(job);
            return "made";
        }
        catch (ProblemException problem)
        {
            return problem.Type;
        }
    }
}
