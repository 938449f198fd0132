using System.Text.Json;
using Pontual.Engine.Executing;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.Engine.Tenants;

namespace Pontual.Runners.Worker;

/// <summary>Checks <c>worker: {task?, args?}</c>. The runs are claimed by programs outside; no node takes them.</summary>
internal sealed class WorkerTarget : IRunner
{
    public string Kind => WorkerTask.Kind;

    public IEnumerable<DocumentProblem> Check(JsonElement settings, TenantName tenant)
    {
        var problems = new List<DocumentProblem>();
        if (DocumentObject.Open(settings, "", problems, "task", "args") is { } target && target.Text("task", 128) is { } task)
        {
            if (!JobName.TryParse(task, out _))
            {
                target.Report("task", "name", $"{DocumentText.Quote(task)} is not the name of a task", JobName.Rule);
            }
        }

        return problems;
    }

    public Task<Outcome> RunAsync(AttemptContext attempt, CancellationToken cancellation) =>
        Task.FromResult<Outcome>(new Outcome.Failure(FailureKinds.Target, "Only programs outside do the runs of a worker's job."));
}
