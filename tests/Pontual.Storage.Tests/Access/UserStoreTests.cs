using Pontual.Engine.Access;
using Pontual.Engine.Audit;
using Pontual.Engine.Tenants;
using Pontual.Storage.Database;

namespace Pontual.Storage.Tests.Access;

public class UserStoreTests
{
    private static readonly Actor By = new("user:root", "10.0.0.1");

    public static TheoryData<Dialect> Both => StorageRig.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task What_becomes_of_users_is_in_the_audit_log_without_a_secret(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var users = rig.Database.Users;
        var ana = Person(rig, "u1", "ana", TokenScope.Read, TenantName.Parse("shop"));
        await users.AddAsync(ana, "canary-hash", By, StorageRig.None);
        await users.AddAsync(ana with { Id = "u2" }, "canary-hash", By, StorageRig.None);
        await users.EditAsync(ana.Name, TokenScope.Operate, true, null, By, rig.Now, StorageRig.None);
        await users.SetPasswordAsync(ana, "canary-hash", null, By, rig.Now, StorageRig.None);
        await users.OfferTotpAsync("u1", "canary-secret", StorageRig.None);
        await users.ConfirmTotpAsync(ana, "canary-secret", 7, [Hash(1)], By, rig.Now, StorageRig.None);
        await users.RemoveTotpAsync(ana, By, rig.Now, StorageRig.None);
        await users.RemoveTotpAsync(ana, By, rig.Now, StorageRig.None);
        await users.NoteLoginAsync(ana, By, rig.Now, StorageRig.None);
        await users.RemoveAsync(ana.Name, By, rig.Now, StorageRig.None);

        var entries = await rig.Database.Audit.ListAsync(new AuditQuery(TenantName.Parse("shop"), 100), StorageRig.None);
        string[] actions =
        [
            "user.created",
            "user.updated",
            "user.password-set",
            "user.codes-set",
            "user.codes-removed",
            "user.logged-in",
            "user.removed",
        ];
        entries.Select(entry => entry.Action).Reverse().ShouldBe(actions);
        entries.ShouldAllBe(entry => entry.By.Name == "user:root" && entry.Subject == "ana");
        (entries[5].Before, entries[5].After).ShouldBe(("""{"role":"read","disabled":false}""", """{"role":"operate","disabled":true}"""));
        string.Concat(entries).ShouldNotContain("canary");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_name_is_one_user_in_each_tenant(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var users = rig.Database.Users;
        var shop = TenantName.Parse("shop");

        var added = await users.AddAsync(Person(rig, "u1", "ana"), "h1", By, StorageRig.None);
        var again = await users.AddAsync(Person(rig, "u2", "ana"), "h2", By, StorageRig.None);
        var other = await users.AddAsync(Person(rig, "u3", "ana", tenant: shop), "h3", By, StorageRig.None);
        await users.AddAsync(Person(rig, "u4", "bia@example.com"), "h4", By, StorageRig.None);

        (added, again, other).ShouldBe((true, false, true));
        (await users.FindAsync(UserName.Parse("ana"), StorageRig.None)).ShouldBe(Person(rig, "u1", "ana"));
        (await users.CredentialsAsync(UserName.Parse("ana").In(shop), StorageRig.None))!.PasswordHash.ShouldBe("h3");
        (await users.CredentialsAsync(UserName.Parse("bob"), StorageRig.None)).ShouldBeNull();
        (await ListAsync(users, TenantName.Default, null)).ShouldBe(["ana", "bia@example.com"]);
        (await ListAsync(users, TenantName.Default, UserName.Parse("ana"))).ShouldBe(["bia@example.com"]);
        (await ListAsync(users, shop, null)).ShouldBe(["ana"]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_edit_raises_the_revision_and_is_refused_when_it_is_based_on_another(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var users = rig.Database.Users;
        var ana = UserName.Parse("ana");
        await users.AddAsync(Person(rig, "u1", "ana", TokenScope.Read), "h", By, StorageRig.None);
        rig.Time.Advance(TimeSpan.FromSeconds(3));

        var done = await users.EditAsync(ana, TokenScope.Operate, false, 1, By, rig.Now, StorageRig.None);
        var stale = await users.EditAsync(ana, TokenScope.Admin, false, 1, By, rig.Now, StorageRig.None);
        var same = await users.EditAsync(ana, TokenScope.Operate, false, null, By, rig.Now, StorageRig.None);
        var unknown = await users.EditAsync(UserName.Parse("bob"), TokenScope.Read, false, null, By, rig.Now, StorageRig.None);

        (done, stale, same, unknown).ShouldBe((UserChange.Done, UserChange.Conflict, UserChange.Unchanged, UserChange.NotFound));
        var found = (await users.FindAsync(ana, StorageRig.None))!;
        (found.Role, found.Revision, found.UpdatedAt).ShouldBe((TokenScope.Operate, 2, rig.Now));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_last_administrator_of_the_installation_stays_one(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var users = rig.Database.Users;
        var (ana, bia) = (UserName.Parse("ana"), UserName.Parse("bia"));
        await users.AddAsync(Person(rig, "u1", "ana"), "h", By, StorageRig.None);
        await users.AddAsync(Person(rig, "u2", "bia"), "h", By, StorageRig.None);
        await users.AddAsync(Person(rig, "u3", "caio", tenant: TenantName.Parse("shop")), "h", By, StorageRig.None);

        var disabled = await users.EditAsync(bia, TokenScope.Admin, true, null, By, rig.Now, StorageRig.None);
        var demoted = await users.EditAsync(ana, TokenScope.Operate, false, null, By, rig.Now, StorageRig.None);
        var removed = await users.RemoveAsync(ana, By, rig.Now, StorageRig.None);
        var others = await users.RemoveAsync(UserName.Parse("caio").In(TenantName.Parse("shop")), By, rig.Now, StorageRig.None);

        (disabled, demoted, removed, others).ShouldBe((UserChange.Done, UserChange.LastAdmin, UserChange.LastAdmin, UserChange.Done));
        await users.EditAsync(bia, TokenScope.Admin, false, null, By, rig.Now, StorageRig.None);
        var both = await Task.WhenAll(
            Task.Run(() => users.RemoveAsync(ana, By, rig.Now, StorageRig.None)),
            Task.Run(() => users.RemoveAsync(bia, By, rig.Now, StorageRig.None))
        );
        both.Order().ShouldBe([UserChange.Done, UserChange.LastAdmin]);
        (await users.HasAdminAsync(StorageRig.None)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Sessions_end_with_a_new_password_being_disabled_or_removed(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (users, sessions) = (rig.Database.Users, rig.Database.Sessions);
        await users.AddAsync(Person(rig, "u1", "ana", TokenScope.Read), "h", By, StorageRig.None);
        await users.AddAsync(Person(rig, "u2", "bia"), "h", By, StorageRig.None);
        foreach (byte seed in (byte[])[1, 2, 3])
        {
            await sessions.AddAsync(Login(rig, seed, "u1"), rig.Now, StorageRig.None);
        }

        await sessions.AddAsync(Login(rig, 4, "u2"), rig.Now, StorageRig.None);

        await users.SetPasswordAsync(Person(rig, "u1", "ana"), "new", Hash(2), By, rig.Now, StorageRig.None);
        (await HoldAsync(sessions)).ShouldBe([2, 4]);
        (await users.CredentialsAsync(UserName.Parse("ana"), StorageRig.None))!.PasswordHash.ShouldBe("new");
        await users.EditAsync(UserName.Parse("ana"), TokenScope.Read, true, null, By, rig.Now, StorageRig.None);
        (await HoldAsync(sessions)).ShouldBe([4]);
        await sessions.AddAsync(Login(rig, 1, "u1"), rig.Now, StorageRig.None);
        await users.RemoveAsync(UserName.Parse("ana"), By, rig.Now, StorageRig.None);
        (await HoldAsync(sessions)).ShouldBe([4]);
        await sessions.EndAsync(Hash(4), StorageRig.None);
        (await HoldAsync(sessions)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_session_is_found_with_its_user_as_of_now_and_touched_to_the_minute(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (users, sessions) = (rig.Database.Users, rig.Database.Sessions);
        await users.AddAsync(Person(rig, "u1", "ana", TokenScope.Read), "h", By, StorageRig.None);
        await sessions.AddAsync(Login(rig, 1, "u1"), rig.Now, StorageRig.None);
        await users.EditAsync(UserName.Parse("ana"), TokenScope.Operate, false, null, By, rig.Now, StorageRig.None);

        await sessions.TouchAsync(Hash(1), rig.Now.AddSeconds(90), StorageRig.None);
        var (session, user) = (await sessions.FindAsync(Hash(1), StorageRig.None))!.Value;
        await sessions.AddAsync(Login(rig, 2, "u1"), rig.Now.AddDays(3), StorageRig.None);

        user.Role.ShouldBe(TokenScope.Operate);
        (session.CreatedAt, session.SeenAt, session.ExpiresAt).ShouldBe((rig.Now, rig.Now.AddSeconds(60), rig.Now.AddDays(2)));
        (await HoldAsync(sessions)).ShouldBe([2], "The next login forgets those that have ended.");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Codes_count_once_confirmed_and_each_step_and_recovery_code_once(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var users = rig.Database.Users;
        await users.AddAsync(Person(rig, "u1", "ana"), "h", By, StorageRig.None);

        var ana = Person(rig, "u1", "ana");
        (await users.OfferTotpAsync("u1", "first", StorageRig.None)).ShouldBeTrue();
        (await users.OfferTotpAsync("u1", "sealed", StorageRig.None)).ShouldBeTrue();
        (await users.ConfirmTotpAsync(ana, "first", 7, [], By, rig.Now, StorageRig.None)).ShouldBeFalse("Another one was offered since.");
        (await users.FindAsync(UserName.Parse("ana"), StorageRig.None))!.HasTotp.ShouldBeFalse();
        (await users.ConfirmTotpAsync(ana, "sealed", 7, [Hash(1), Hash(2)], By, rig.Now, StorageRig.None)).ShouldBeTrue();
        (await users.OfferTotpAsync("u1", "another", StorageRig.None)).ShouldBeFalse();
        var kept = (await users.CredentialsAsync(UserName.Parse("ana"), StorageRig.None))!;
        (kept.TotpSecret, kept.LastStep, kept.User.HasTotp).ShouldBe(("sealed", 7, true));

        (await users.TryTakeStepAsync("u1", 7, StorageRig.None)).ShouldBeFalse();
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => users.TryTakeStepAsync("u1", 8, StorageRig.None)))
        );
        taken.Count(won => won).ShouldBe(1);
        (await users.TryTakeRecoveryCodeAsync("u1", Hash(2), StorageRig.None)).ShouldBeTrue();
        (await users.TryTakeRecoveryCodeAsync("u1", Hash(2), StorageRig.None)).ShouldBeFalse();

        (await users.RemoveTotpAsync(ana, By, rig.Now, StorageRig.None)).ShouldBeTrue();
        (await users.RemoveTotpAsync(ana, By, rig.Now, StorageRig.None)).ShouldBeFalse();
        (await users.TryTakeRecoveryCodeAsync("u1", Hash(1), StorageRig.None)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_password_that_was_changed_meanwhile_is_not_hashed_anew(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var users = rig.Database.Users;
        await users.AddAsync(Person(rig, "u1", "ana"), "old", By, StorageRig.None);

        await users.RehashAsync("u1", "other", "wrong", StorageRig.None);
        await users.RehashAsync("u1", "old", "stronger", StorageRig.None);
        await users.NoteLoginAsync(Person(rig, "u1", "ana"), By, rig.Now.AddSeconds(9), StorageRig.None);

        var kept = (await users.CredentialsAsync(UserName.Parse("ana"), StorageRig.None))!;
        (kept.PasswordHash, kept.User.LastLoginAt, kept.User.Revision).ShouldBe(("stronger", rig.Now.AddSeconds(9), 1));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_link_makes_one_administrator_once_and_all_links_end_with_it(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var (users, links) = (rig.Database.Users, rig.Database.AdminLinks);
        await users.AddAsync(Person(rig, "u0", "viewer", TokenScope.Read), "h", By, StorageRig.None);
        foreach (byte seed in (byte[])[1, 2])
        {
            (await links.OfferAsync(Hash(seed), rig.Now, rig.Now.AddHours(24), StorageRig.None)).ShouldBeTrue();
        }

        (await links.HoldsAsync(Hash(1), rig.Now.AddHours(24), StorageRig.None)).ShouldBeFalse("It has ended.");
        (await links.HoldsAsync(Hash(3), rig.Now, StorageRig.None)).ShouldBeFalse();
        var taken = await links.TakeAsync(Hash(1), Person(rig, "u1", "viewer"), "h", By, rig.Now, StorageRig.None);
        taken.ShouldBe(AdminLinkUse.NameTaken);
        var uses = await Task.WhenAll(
            Task.Run(() => links.TakeAsync(Hash(1), Person(rig, "u2", "ana"), "h", By, rig.Now, StorageRig.None)),
            Task.Run(() => links.TakeAsync(Hash(2), Person(rig, "u3", "bia"), "h", By, rig.Now, StorageRig.None))
        );

        uses.Order().ShouldBe([AdminLinkUse.Taken, AdminLinkUse.Refused]);
        (await links.OfferAsync(Hash(5), rig.Now, rig.Now.AddHours(24), StorageRig.None)).ShouldBeFalse();
        (await users.ListAsync(TenantName.Default, null, 9, StorageRig.None)).Count(user => user.Role is TokenScope.Admin).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Nodes_that_start_together_seal_with_one_key(Dialect dialect)
    {
        await using var rig = await StorageRig.StartAsync(dialect);
        var keys = rig.Database.ProtectionKeys;

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(node => Task.Run(() => keys.AddAsync($"k{node}", $"<key>{node}</key>", rig.Now, StorageRig.None)))
        );
        (await keys.ListAsync(StorageRig.None)).Count.ShouldBe(1);
        await keys.AddAsync("later", "<key>later</key>", rig.Now.AddDays(80), StorageRig.None);

        (await keys.ListAsync(StorageRig.None)).Count.ShouldBe(2);
    }

    private static User Person(StorageRig rig, string id, string name, TokenScope role = TokenScope.Admin, TenantName tenant = default) =>
        new(id, UserName.Parse(name).In(tenant), role, false, 1, false, rig.Now, rig.Now, null);

    private static UserSession Login(StorageRig rig, byte seed, string user) => new(Hash(seed), user, rig.Now, rig.Now, rig.Now.AddDays(2));

    private static async Task<List<int>> HoldAsync(ISessionStore sessions)
    {
        List<int> holding = [];
        foreach (byte seed in (byte[])[1, 2, 3, 4])
        {
            if (await sessions.FindAsync(Hash(seed), StorageRig.None) is not null)
            {
                holding.Add(seed);
            }
        }

        return holding;
    }

    private static async Task<IEnumerable<string>> ListAsync(IUserStore users, TenantName tenant, UserName? after) =>
        (await users.ListAsync(tenant, after, 10, StorageRig.None)).Select(user => user.Name.Text);

    private static byte[] Hash(byte seed) => [.. Enumerable.Repeat(seed, 32)];
}
