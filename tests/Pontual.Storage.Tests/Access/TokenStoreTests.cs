using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Access;

public class TokenStoreTests
{
    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_token_is_found_by_its_hash_revoked_once_and_touched_to_the_minute(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var tokens = rig.Database.Tokens;
        var token = new ApiToken("t1", "ci", TenantName.Default, TokenScope.Operate, Hash(1), rig.Now, rig.Now.AddDays(1), null, null);
        await tokens.AddAsync(token, Actor.Product, StorageRig.None);
        await tokens.AddAsync(token with { Id = "t2", Hash = Hash(2), CreatedAt = rig.Now.AddSeconds(1) }, Actor.Product, StorageRig.None);

        await tokens.TouchAsync("t1", rig.Now.AddSeconds(90), StorageRig.None);
        var revoked = await tokens.RevokeAsync(TenantName.Default, "t1", Actor.Product, rig.Now.AddSeconds(5), StorageRig.None);
        var again = await tokens.RevokeAsync(TenantName.Default, "t1", Actor.Product, rig.Now.AddSeconds(50), StorageRig.None);

        (revoked, again, await tokens.RevokeAsync(TenantName.Default, "t9", Actor.Product, rig.Now, StorageRig.None)).ShouldBe(
            (true, true, false)
        );
        var found = (await tokens.FindAsync(Hash(1), StorageRig.None))!;
        found.Hash.ToArray().ShouldBe(Hash(1));
        (found with { Hash = token.Hash }).ShouldBe(token with { RevokedAt = rig.Now.AddSeconds(5), LastUsedAt = rig.Now.AddSeconds(60) });
        (await tokens.FindAsync(Hash(3), StorageRig.None)).ShouldBeNull();
        (await tokens.ListAsync(TenantName.Default, StorageRig.None)).Select(listed => listed.Id).ShouldBe(["t2", "t1"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_installation_has_one_secret_whoever_asks_first(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);

        var asked = Enumerable.Range(0, 5).Select(_ => Task.Run(() => rig.Database.Tokens.InstallationSecretAsync(StorageRig.None)));
        var secrets = await Task.WhenAll(asked);

        secrets[0].Length.ShouldBe(32);
        secrets.ShouldAllBe(secret => secret.SequenceEqual(secrets[0]));
    }

    private static byte[] Hash(byte seed) => [.. Enumerable.Repeat(seed, 32)];
}
