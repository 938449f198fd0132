using System.Text.Json;

namespace Pontual.EndToEnd.Tests.Running;

/// <summary>What a finished command left: its exit code and what it wrote.</summary>
internal sealed record Answer(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>The output read as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    /// <summary>Fails with everything the command wrote unless it ended well.</summary>
    public Answer Ok()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    public override string ToString() => $"{Command} → {ExitCode}\n{Output}\n{Error}";
}
