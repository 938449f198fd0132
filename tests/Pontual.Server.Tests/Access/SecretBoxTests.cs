using System.Text;
using Pontual.Server.Access;
using Pontual.Server.Composition;
using Pontual.Storage.Database;
using Pontual.TestKit;

namespace Pontual.Server.Tests.Access;

public sealed class SecretBoxTests : IDisposable
{
    private const string Secret = "canary-4711";
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-box-").FullName;

    [Fact]
    public async Task What_is_sealed_opens_for_its_purpose_and_owner_only_also_after_a_restart()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        string text;
        using (var box = Box(database, shared: false))
        {
            text = box.Seal("totp", "u1", Secret);
        }

        using var again = Box(database, shared: false);
        Assert.DoesNotContain("canary", Encoding.UTF8.GetString(Convert.FromBase64String(text)), StringComparison.Ordinal);
        Assert.Equal(Secret, Encoding.UTF8.GetString(again.Open("totp", "u1", text)!));
        Assert.Null(again.Open("totp", "u2", text));
        Assert.Null(again.Open("device", "u1", text));
        Assert.Null(again.Open("totp", "u1", $"AAAA{text[4..]}"));
        Assert.Null(again.Open("totp", "u1", "not sealed"));
    }

    [Fact]
    public async Task Keys_in_the_data_folder_are_their_owners()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        using var box = Box(database, shared: false);
        _ = box.Seal("totp", "u1", Secret);

        var key = Directory.GetFiles(Path.Combine(_folder, "keys")).Single();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(key)!)
            );
        }
    }

    [Fact]
    public async Task Nodes_that_share_a_database_open_what_any_of_them_sealed_even_if_they_start_together()
    {
        await using var database = await TestDatabase.CreateAsync(Dialect.Sqlite);
        using var first = Box(database, shared: true);
        using var second = Box(database, shared: true);

        var texts = await Task.WhenAll(Task.Run(() => first.Seal("totp", "u1", Secret)), Task.Run(() => second.Seal("totp", "u1", Secret)));

        Assert.Single(await database.ProtectionKeys.ListAsync(CancellationToken.None));
        Assert.All(texts, text => Assert.NotNull(first.Open("totp", "u1", text)));
        Assert.All(texts, text => Assert.NotNull(second.Open("totp", "u1", text)));
        Assert.False(Directory.Exists(Path.Combine(_folder, "keys")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SecretBox Box(TestDatabase database, bool shared) =>
        new(
            new ServerConfiguration { DataFolder = _folder, PostgreSql = shared ? "Host=shared" : null },
            database.ProtectionKeys,
            TimeProvider.System
        );
}
