using Pontual.Messaging.Channels.Gateways;
using Pontual.Storage.Database;
using Shouldly;

namespace Pontual.Messaging.Tests.Channels;

/// <summary>Webhooks of the Cloud API that name no session: of a number's quality, and of the account.</summary>
public sealed class NamelessNewsTests
{
    [Theory(
        DisplayName = "What the Cloud API tells of a number's quality is kept of the channel with that number, and what it tells of the account of each channel"
    )]
    [InlineData(Dialect.Sqlite)]
    [InlineData(Dialect.PostgreSql)]
    public async Task It_is_kept_of_the_channels_that_it_is_about(Dialect dialect)
    {
        await using var rig = await FleetRig.StartAsync(dialect);
        await rig.ConnectAsync(GatewayKind.CloudApi);
        await rig.ConnectAsync(GatewayKind.Evolution);
        rig.Gateways.Add(GatewayKind.CloudApi, "10001", "5511999990001");
        rig.Gateways.Add(GatewayKind.CloudApi, "10002", "5511999990002");
        rig.Gateways.Add(GatewayKind.Evolution, "sales", "5511999990001");
        await rig.CheckAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        await rig.HearAsync(
            GatewayKind.CloudApi,
            Change(
                "phone_number_quality_update",
                """{"display_phone_number":"+55 11 99999-0002","event":"FLAGGED","max_daily_conversations_per_business":"TIER_2K"}"""
            )
        );
        var flagged = await RestrictionsAsync(rig);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.HearAsync(
            GatewayKind.CloudApi,
            Change(
                "account_update",
                """{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING"}]}"""
            )
        );
        var restricted = await RestrictionsAsync(rig);

        flagged.ShouldBe([null, RestrictionKind.Warning, null]);
        restricted.ShouldBe([RestrictionKind.Restricted, RestrictionKind.Restricted, null]);
    }

    private static async Task<RestrictionKind?[]> RestrictionsAsync(FleetRig rig) =>
        [.. (await rig.AllAsync()).OrderBy(view => view.Channel.Name, StringComparer.Ordinal).Select(view => view.Signs.Restricted?.Kind)];

    private static string Change(string field, string value) =>
        $$"""{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"{{field}}","value":{{value}}}]}]}""";
}
