using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Pontual.EndToEnd.Tests.Cli;

public sealed partial class UserCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Password = "canary horse battery";

    [Fact]
    public async Task A_user_is_made_listed_edited_and_removed_and_the_password_is_never_shown()
    {
        var server = fixture.Server;
        var made = (await server.DoWithInputAsync(Password, "user", "create", "lia@example.com", "--role", "operator")).Ok();
        var list = (await server.DoAsync("user", "list")).Ok();
        var shown = (await server.DoAsync("user", "show", "lia@example.com", "--json")).Ok();
        (await server.DoAsync("user", "set-role", "lia@example.com", "viewer")).Ok();
        (await server.DoAsync("user", "disable", "lia@example.com")).Ok();
        var disabled = (await server.DoAsync("user", "show", "lia@example.com", "--json")).Ok();
        (await server.DoAsync("user", "enable", "lia@example.com")).Ok();
        (await server.DoWithInputAsync("another long password", "user", "set-password", "lia@example.com")).Ok();
        var login = await LogInAsync("lia@example.com", "another long password");
        (await server.DoAsync("user", "remove", "lia@example.com")).Ok();
        var after = (await server.DoAsync("user", "list", "--json")).Ok();

        Assert.Equal(HttpStatusCode.OK, login);
        Assert.Matches("lia@example.com +operator", list.Output);
        Assert.Equal("operator", shown.Json.GetProperty("role").GetString());
        Assert.Equal("viewer", disabled.Json.GetProperty("role").GetString());
        Assert.True(disabled.Json.GetProperty("disabled").GetBoolean());
        Assert.DoesNotContain("lia@", after.Output, StringComparison.Ordinal);
        Assert.All([made, list, shown, disabled], answer => Assert.DoesNotContain("canary", answer.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("canary", server.Process.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_are_offered_and_taken_away()
    {
        (await fixture.Server.DoWithInputAsync(Password, "user", "create", "tom")).Ok();

        var offered = (await fixture.Server.DoAsync("user", "totp", "tom", "--json")).Ok();
        var wrong = await fixture.Server.DoAsync("user", "totp", "tom", "--code", "abcdef");
        (await fixture.Server.DoAsync("user", "totp", "tom", "--remove")).Ok();

        Assert.Matches("^[A-Z2-7]{32}$", offered.Json.GetProperty("secret").GetString());
        Assert.Equal(2, wrong.ExitCode);
    }

    [Fact]
    public async Task A_start_prints_the_link_of_the_first_administrator()
    {
        var link = Link().Match(fixture.Server.Process.Written).Value;
        using var client = new HttpClient();

        using var page = await client.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("new-password", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said()
    {
        var none = await fixture.Server.DoWithInputAsync("", "user", "create", "nopass");
        var weak = await fixture.Server.DoWithInputAsync("short", "user", "create", "weak");
        var role = await fixture.Server.DoWithInputAsync(Password, "user", "create", "boss", "--role", "boss");
        var unknown = await fixture.Server.DoAsync("user", "show", "nobody-here");
        var refused = await fixture.Server.DoAsync("user", "list", "--token", fixture.ReadToken);

        Assert.Equal((2, 2, 2, 1, 4), (none.ExitCode, weak.ExitCode, role.ExitCode, unknown.ExitCode, refused.ExitCode));
        Assert.Contains("12 characters", weak.Error, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> LogInAsync(string name, string password)
    {
        var url = new Uri(Link().Match(fixture.Server.Process.Written).Value);
        using var client = new HttpClient { BaseAddress = url };
        using var answer = await client.PostAsJsonAsync("/api/v1/session", new { name, password });
        return answer.StatusCode;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/first-admin\?key=[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
