using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pontual.Engine.Jobs;
using Pontual.Engine.Runs;
using Pontual.TestKit.Web;
using Shouldly;

namespace Pontual.Runners.Tests.Http;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly string _caFile = Path.GetTempFileName();
    private readonly HttpRig _rig = new();

    public TlsTests() => File.WriteAllText(_caFile, _certificates.AuthorityPem);

    public void Dispose()
    {
        _rig.Dispose();
        _certificates.Dispose();
        File.Delete(_caFile);
    }

    [Fact]
    public async Task An_authority_of_ones_own_is_trusted_by_its_file_and_the_protocol_is_HTTP_2()
    {
        await using var app = await ServeAsync();
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var attempt = _rig.Attempt($$"""{"url": "{{url}}", "ca": "{{_caFile}}", "body": {"n": 1} }""");

        (await _rig.RunAsync(attempt)).ShouldBe(new Outcome.Success(200, """{"protocol":"HTTP/2"}"""));
    }

    [Theory]
    [InlineData("", "There is no certificate in")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    [InlineData(null, "cannot be read")]
    public async Task A_file_without_authorities_is_a_failure_of_the_target(string? content, string told)
    {
        File.Delete(_caFile);
        if (content is not null)
        {
            await File.WriteAllTextAsync(_caFile, content);
        }

        var failure = await _rig.FailAsync($$"""{"url": "https://127.0.0.1:1/", "ca": "{{_caFile}}"}""");

        failure.Kind.ShouldBe(FailureKinds.Target);
        failure.Message.ShouldContain(told);
    }

    [Fact]
    public async Task A_changed_authorities_file_is_read_again()
    {
        using var newer = new TestCertificates();
        await using var server = new HostileServer(newer.For("127.0.0.1"));
        server.On("/", HostileExchange.Text("200 OK", ""));
        var settings = $$"""{"url": "{{server.Url("/")}}", "ca": "{{_caFile}}"}""";

        (await _rig.FailAsync(settings)).Message.ShouldContain("authority is unknown");
        await File.WriteAllTextAsync(_caFile, newer.AuthorityPem);
        File.SetLastWriteTimeUtc(_caFile, File.GetLastWriteTimeUtc(_caFile).AddSeconds(1));

        (await _rig.RunAsync(settings)).ShouldBeOfType<Outcome.Success>();
    }

    private async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificates.For("127.0.0.1")))
        );
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsJsonAsync(new { protocol = context.Request.Protocol }));
        await app.StartAsync();
        return app;
    }
}
