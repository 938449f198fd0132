using System.Security.Claims;
using Pontual.Engine.Jobs;
using Pontual.Server.Access;

namespace Pontual.Server.Api;

/// <summary>A job's name as a path or query says it: which job that is depends on whose caller asks, so it must be asked with one.</summary>
internal readonly record struct JobPath
{
    private readonly JobName _name;

    private JobPath(JobName name) => _name = name;

    /// <summary>The job of that name in the caller's tenant.</summary>
    public JobName Of(ClaimsPrincipal caller) => _name.In(caller.Tenant());

    /// <summary>The name as it was written.</summary>
    public override string ToString() => _name.Text;

    /// <summary>Read by the framework, and by query parameters.</summary>
    public static bool TryParse(string? text, out JobPath path)
    {
        var valid = JobName.TryParse(text, out var name);
        path = valid ? new JobPath(name) : default;
        return valid;
    }
}
