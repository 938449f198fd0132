using System.Text.Json;

namespace Pontual.Runners.Tests.Process;

public sealed class ProcessSettingsTests
{
    [Theory]
    [InlineData("""{"command": "true"}""")]
    [InlineData("""{"argv": ["php", "-v"], "cwd": "/srv", "env": {"A": "${env:B}"}, "user": "www-data", "success-codes": [0, 2]}""")]
    [InlineData(
        """{"command": "echo ${HOME:-x} ${env:A}", "shell": "/bin/bash", "stdin": "", "rotate": ["/a.log"], "detach": true, "result": "last-line"}"""
    )]
    public void Right_settings_have_no_problem(string settings)
    {
        Assert.Empty(Check(settings));
    }

    [Theory]
    [InlineData("3", "", "type")]
    [InlineData("{}", "", "required")]
    [InlineData("""{"command": ""}""", "/command", "empty")]
    [InlineData("""{"command": 5}""", "/command", "type")]
    [InlineData("""{"command": "a", "argv": ["a"]}""", "/argv", "exclusive")]
    [InlineData("""{"argv": "a b"}""", "/argv", "type")]
    [InlineData("""{"argv": []}""", "/argv", "empty")]
    [InlineData("""{"argv": [""]}""", "/argv", "empty")]
    [InlineData("""{"argv": ["a", 1]}""", "/argv/1", "type")]
    [InlineData("""{"argv": ["a"], "shell": "/bin/sh"}""", "/shell", "exclusive")]
    [InlineData("""{"command": "a", "comand": "b"}""", "/comand", "unknown-key")]
    [InlineData("""{"command": "a", "cwd": []}""", "/cwd", "type")]
    [InlineData("""{"command": "a", "env": ["A=1"]}""", "/env", "type")]
    [InlineData("""{"command": "a", "env": {"A": 1}}""", "/env/A", "type")]
    [InlineData("""{"command": "a", "env": {"A=B": "1"}}""", "/env/A=B", "name")]
    [InlineData("""{"command": "a", "env": {"PONTUAL_JOB": "1"}}""", "/env/PONTUAL_JOB", "reserved")]
    [InlineData("""{"command": "a", "env": {"A": "${env:}"}}""", "/env/A", "secret")]
    [InlineData("""{"command": "a ${file:/x"}""", "/command", "secret")]
    [InlineData("""{"command": "a", "success-codes": 0}""", "/success-codes", "type")]
    [InlineData("""{"command": "a", "success-codes": [0, 256]}""", "/success-codes/1", "range")]
    [InlineData("""{"command": "a", "rotate": "/a.log"}""", "/rotate", "type")]
    [InlineData("""{"command": "a", "detach": "yes"}""", "/detach", "boolean")]
    [InlineData("""{"command": "a", "result": "stdout"}""", "/result", "enum")]
    public void What_is_wrong_is_told_with_its_place(string settings, string path, string rule)
    {
        var problem = Assert.Single(Check(settings));

        Assert.Equal((path, rule), (problem.Path, problem.Rule));
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = Check("""{"comand": "a", "cwd": 1, "env": {"A": 1, "B": 2}, "success-codes": []}""");

        Assert.Equal(["/comand", "", "/cwd", "/env/A", "/env/B", "/success-codes"], problems.Select(problem => problem.Path));
    }

    [Fact]
    public async Task Wrong_settings_that_are_run_all_the_same_fail_clearly()
    {
        using var rig = new ProcessRig();

        var failure = await rig.FailAsync("""{"command": 5}""");

        Assert.Equal("/command: 5 is not a text; put it in quotes", failure.Message);
    }

    private static List<Pontual.Engine.Jobs.DocumentProblem> Check(string settings)
    {
        using var rig = new ProcessRig();
        return [.. rig.Runner.Check(JsonElement.Parse(settings), default)];
    }
}
