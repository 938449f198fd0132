using System.Text.Json;
using Pontual.Engine.Jobs;

namespace Pontual.Runners.Handler;

/// <summary>What runs in the place of a handler that this process does not have.</summary>
/// <param name="Template">A target of any other kind; <c>{{job}}</c> in it stands for the job's name.</param>
public sealed record DefaultTarget(Target Template)
{
    /// <summary>The target of one job.</summary>
    public Target For(JobName job)
    {
        var settings = Template.Settings.GetRawText().Replace("{{job}}", job.Text, StringComparison.Ordinal);
        return new Target(Template.Kind, JsonElement.Parse(settings));
    }
}
