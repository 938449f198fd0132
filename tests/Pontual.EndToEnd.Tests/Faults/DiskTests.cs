using System.Diagnostics;
using Xunit.Abstractions;

namespace Pontual.EndToEnd.Tests.Faults;

/// <summary>SQLite on a disk that is full again and again: nothing begins without its row, the log says why, and it goes on when there is room.</summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    [SmallDiskFact(
        DisplayName = "A full disk under SQLite: no claim without its row, a clear message, on again within 10 s, the file whole"
    )]
    [Trait("Category", "Faults")]
    [Trait("Campaign", "Disk")]
    public async Task A_full_disk_loses_nothing()
    {
        var fills = CampaignPlan.Count(ofShort: 2, ofLong: 30);
        using var disk = SmallDisk.Mount(megabytes: 48);
        var plan = new CampaignPlan
        {
            Name = "disk",
            PostgreSql = null,
            Nodes = 1,
            Schedules = 20,
            ManyMachines = false,
            DataFolder = disk.Folder,
        };
        var written = "";

        var report = await Campaign.RunAsync(
            plan,
            async campaign =>
            {
                await FillAsync(campaign, disk, fills);
                written = campaign.Nodes[0].Written;
            }
        );

        output.WriteLine(report.ToString());
        Assert.Empty(report.Verdicts);
        Assert.Equal(fills, report.Count("full"));
        Assert.Contains("the disk is full", written, StringComparison.Ordinal);
        Assert.Equal("ok", await SqliteFile.IntegrityAsync(disk.Folder));
    }

    private static async Task FillAsync(Campaign campaign, SmallDisk disk, int fills)
    {
        for (var i = 0; i < fills; i++)
        {
            await campaign.RestAsync(1 + campaign.Random.NextDouble());
            var from = campaign.Time.GetUtcNow();
            await disk.FillAsync();
            await campaign.RestAsync(1 + (campaign.Random.NextDouble() * (i % 5 == 0 ? 12 : 4)));
            disk.Free();
            campaign.Fault("full disk", from - TimeSpan.FromMilliseconds(100), campaign.Time.GetUtcNow() + Campaign.Takeover);
            await campaign.GoesOnAsync(TimeSpan.FromSeconds(10), "after the disk had room again");
        }
    }
}

/// <summary>A file system of a few megabytes.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Whether this user may mount one.</summary>
    public static bool CanMount { get; } = TryMount();

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    public static SmallDisk Mount(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("pontual-disk-").FullName;
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", folder));
        return new SmallDisk(folder);
    }

    /// <summary>Takes all room that is left.</summary>
    public async Task FillAsync()
    {
        foreach (var size in (int[])[1 << 20, 4096])
        {
            try
            {
                await using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
                while (true)
                {
                    await file.WriteAsync(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full: that is what it is for.
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        _ = Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static bool TryMount()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return false;
        }

        var folder = Directory.CreateTempSubdirectory("pontual-disk-").FullName;
        var can = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0 && Run("umount", folder) == 0;
        Directory.Delete(folder);
        return can;
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that needs a small file system of its own.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() =>
        Skip = SmallDisk.CanMount ? null : "This user may not mount a file system: run it as root, outside a closed container.";
}
