using System.Text;
using Pontual.Engine.Output;

namespace Pontual.Engine.Tests.Output;

public sealed class JobLogFileTests
{
    [Theory(DisplayName = "S1-10 each job appends its output to a log file of its own, folders made")]
    [InlineData("scheduled-messages.log", "logs/scheduled-messages.log")]
    [InlineData("logs/healthcheck-sessions.log", "logs/logs/healthcheck-sessions.log")]
    public async Task Output_goes_to_the_jobs_log(string log, string file)
    {
        await using var rig = new OutputRig();

        foreach (var run in Enumerable.Range(1, 2))
        {
            await using var output = rig.Open(log, leaseToken: run);
            output.WriteLine($"run {run}");
        }

        Assert.Equal("run 1\nrun 2\n", await File.ReadAllTextAsync(Path.Combine(rig.Folder, file)));
    }

    [Fact(DisplayName = "S1-10 an absolute log path is used as it stands, and bytes are not changed")]
    public async Task An_absolute_path_is_used_as_it_stands()
    {
        await using var rig = new OutputRig();
        var path = Path.Combine(rig.Folder, "storage", "logs", "jobs.log");
        byte[] bytes = [0, 0xFF, 0x1B, (byte)'[', (byte)'m', (byte)'\n'];

        await using (var output = rig.Open(path))
        {
            output.Write(bytes);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact(DisplayName = "S1-10 a log file is rotated by size, and the oldest file goes")]
    public async Task A_log_is_rotated()
    {
        await using var rig = new OutputRig(configure: options => (options.LogFileBytes, options.LogFiles) = (10, 2));
        await using var output = rig.Open("x.log");

        foreach (var line in new[] { "aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd" })
        {
            output.WriteLine(line);
        }

        var logs = Path.Combine(rig.Folder, "logs");
        Assert.Equal(["x.log", "x.log.1", "x.log.2"], Directory.GetFiles(logs).Select(Path.GetFileName).Order());
        Assert.Equal("ddddddd\n", await File.ReadAllTextAsync(Path.Combine(logs, "x.log")));
        Assert.Equal("bbbbbbb\n", await File.ReadAllTextAsync(Path.Combine(logs, "x.log.2")));
    }

    [Fact(DisplayName = "S1-10 output after the cut still goes to the log file")]
    public async Task The_log_gets_what_the_store_does_not_keep()
    {
        await using var rig = new OutputRig(configure: options => options.KeptBytes = 1 << 10);
        await using (var output = rig.Open("x.log"))
        {
            output.Write(new byte[5000]);
        }

        Assert.Equal(5000, new FileInfo(Path.Combine(rig.Folder, "logs", "x.log")).Length);
    }

    [Fact(DisplayName = "S1-12 a log file that cannot be written is said in the output, once, and the run goes on")]
    public async Task A_log_that_cannot_be_written_is_said()
    {
        await using var rig = new OutputRig();
        var folder = Directory.CreateDirectory(Path.Combine(rig.Folder, "is-a-folder")).FullName;
        await using (var output = rig.Open(folder))
        {
            output.WriteLine("one");
            output.WriteLine("two");
        }

        Assert.Equal($"\n[log file {folder} cannot be written: Is a directory]\none\ntwo\n", rig.Store.TextOf(rig.RunId));
    }

    [Fact]
    public async Task Two_runs_of_one_job_may_write_and_rotate_at_once()
    {
        await using var rig = new OutputRig(configure: options => (options.LogFileBytes, options.LogFiles) = (20_000, 100));
        var line = Encoding.ASCII.GetBytes(new string('x', 99) + "\n");

        await Parallel.ForEachAsync(
            Enumerable.Range(1, 4),
            async (run, _) =>
            {
                await using var output = rig.Open("x.log", leaseToken: run);
                for (var number = 0; number < 2000; number++)
                {
                    output.Write(line);
                }
            }
        );

        var files = Directory.GetFiles(Path.Combine(rig.Folder, "logs"));
        Assert.Equal(4 * 2000 * 100, files.Sum(file => new FileInfo(file).Length));
        Assert.All(files, file => Assert.All(File.ReadLines(file), text => Assert.Equal(99, text.Length)));
    }

    [Fact(DisplayName = "S1-11 a file that a shell holds open is rotated by copy and truncate")]
    public async Task A_file_held_open_is_copied_and_emptied()
    {
        await using var rig = new OutputRig();
        var path = Path.Combine(rig.Folder, "held.log");
        await File.WriteAllTextAsync(path, new string('a', 5000));
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        var rotated = LogRotation.ByCopy(path, aboveBytes: 1000, keep: 3);
        var again = LogRotation.ByCopy(path, aboveBytes: 1000, keep: 3);

        Assert.True(rotated);
        Assert.False(again);
        Assert.Equal(0, held.Length);
        Assert.Equal(5000, new FileInfo(path + ".1").Length);
    }
}
