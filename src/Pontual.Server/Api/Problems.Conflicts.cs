using Microsoft.AspNetCore.Http.HttpResults;
using Pontual.Engine.Access;
using Pontual.Engine.Jobs;

namespace Pontual.Server.Api;

/// <summary>Things that are not there, or stand in the way.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult RouteNotFound(string path) =>
        Of(404, "route-not-found", "There is nothing here", $"No route matches {DocumentText.Quote(path)}. /docs lists all of them.");

    public static ProblemHttpResult JobGoesOn(string job) =>
        Of(
            409,
            "job-goes-on",
            "Its work goes on already",
            $"The work of '{job}' goes on already: nothing was done by this call.",
            new() { ["error"] = $"the work of '{job}' goes on already", ["items_processed"] = 0 }
        );

    public static ProblemHttpResult JobFailed(string job, string error) =>
        Of(
            500,
            "job-failed",
            "Its work failed",
            $"The work of '{job}' failed: {error}",
            new() { ["error"] = error, ["items_processed"] = 0 }
        );

    public static ProblemHttpResult MethodNotAllowed(string method, string allowed) =>
        Of(
            405,
            "method-not-allowed",
            "The route has no such method",
            allowed.Length == 0
                ? $"{DocumentText.Quote(method)} is not possible here."
                : $"{DocumentText.Quote(method)} is not possible here; use {allowed}.",
            new() { ["allowed"] = allowed }
        );

    public static ProblemHttpResult JobNotFound(JobName name) =>
        Of(404, "job-not-found", "There is no such job", $"No job is named '{name}'.", new() { ["job"] = name.ToString() });

    public static ProblemHttpResult CircuitNotFound(string name) =>
        Of(404, "circuit-not-found", "There is no such circuit", $"Nothing has happened to a circuit named '{name}'.");

    public static ProblemHttpResult RunNotFound(Guid id) =>
        Of(
            404,
            "run-not-found",
            "There is no such run",
            $"No run has the id {id}. Old runs are deleted after the retention time.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult TokenNotFound(string id) =>
        Of(404, "token-not-found", "There is no such token", $"No token has the id {DocumentText.Quote(id)}.");

    public static ProblemHttpResult UserNotFound(string name) =>
        Of(404, "user-not-found", "There is no such user", $"No user is named {DocumentText.Quote(name)}.");

    public static ProblemHttpResult UserExists(UserName name) =>
        Of(
            409,
            "user-exists",
            "A user of this name exists",
            $"'{name}' exists already; choose another name.",
            new() { ["user"] = name.Text }
        );

    public static ProblemHttpResult LastAdmin(UserName name) =>
        Of(
            409,
            "last-admin",
            "The last administrator stays",
            $"'{name}' is the only administrator of the installation who can log in. Make another one first.",
            new() { ["user"] = name.Text }
        );

    public static ProblemHttpResult CodesThere(UserName name) =>
        Of(
            409,
            "codes-there",
            "The user has codes already",
            $"Codes of '{name}' were set up. Take them away first (DELETE), then set them up anew.",
            new() { ["user"] = name.Text }
        );

    public static ProblemHttpResult JobExists(JobName name) =>
        Of(
            409,
            "job-exists",
            "A job of this name exists",
            $"'{name}' exists already. Replace it with PUT /api/v1/jobs/{name}, or choose another name.",
            new() { ["job"] = name.ToString() }
        );

    public static ProblemHttpResult LimitNeedsParameter(JobName job, string parameter) =>
        InvalidDocument([
            new(
                $"/{parameter.Replace('.', '/')}",
                "required",
                $"the key of the limit of '{job}' needs {{{{{parameter}}}}}, which is not given",
                "run the job with that parameter"
            ),
        ]);

    public static ProblemHttpResult RunAlreadyActive(JobName job, Guid runId) =>
        Of(
            409,
            "run-already-active",
            "The job is running",
            $"Run {runId} of '{job}' has not ended and the job's overlap policy is skip. Wait for it, cancel it, or ask with ?overlap=allow (admin).",
            new() { ["run_id"] = runId }
        );

    public static ProblemHttpResult RunAlreadyEnded(Guid id) =>
        Of(409, "run-already-ended", "The run has ended", $"Run {id} has ended; there is nothing to cancel.", new() { ["run_id"] = id });

    public static ProblemHttpResult RunNotEnded(Guid id) =>
        Of(
            409,
            "run-not-ended",
            "The run has not ended",
            $"Run {id} has not ended; only an ended run can be retried.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult CallbackStale(Guid id) =>
        Of(
            409,
            "callback-stale",
            "The attempt is over",
            $"The attempt of run {id} that this callback belongs to is over. Its result was not recorded.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult RunNotHeld(Guid id) =>
        Of(
            409,
            "run-not-held",
            "The worker does not hold the run",
            $"Run {id} is not held by this worker and token (any more): it ended, its time was over, or it was lost. Nothing was recorded.",
            new() { ["run_id"] = id }
        );

    public static ProblemHttpResult DefinitionChanged() =>
        Of(
            409,
            "definition-changed",
            "A definition changed meanwhile",
            "Somebody changed a job at the same time. Nothing was changed; try again."
        );

    /// <param name="kind">"job", "calendar" or "user".</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">The ETag that was sent.</param>
    public static ProblemHttpResult RevisionMismatch(string kind, string name, string expected) =>
        Of(
            412,
            "revision-mismatch",
            $"The {kind} is at another revision",
            $"'{name}' is not at revision {DocumentText.Quote(expected)} (any more). Read it again and repeat the edit.",
            new() { [kind] = name }
        );

    public static ProblemHttpResult CalendarNotFound(string name) =>
        Of(404, "calendar-not-found", "There is no such calendar", $"No calendar is named {DocumentText.Quote(name)}.");

    public static ProblemHttpResult CalendarInUse(string name, IReadOnlyList<JobName> jobs) =>
        Of(
            409,
            "calendar-in-use",
            "Jobs use the calendar",
            $"'{name}' is named by {string.Join(", ", jobs)}. Take it out of their schedules first.",
            new() { ["jobs"] = jobs.Select(job => job.ToString()).ToArray() }
        );
}
