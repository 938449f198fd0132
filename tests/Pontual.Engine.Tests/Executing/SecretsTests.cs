using System.Text;
using Pontual.Engine.Executing;
using Shouldly;

namespace Pontual.Engine.Tests.Executing;

public sealed class SecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pontual-secrets-").FullName;
    private readonly Dictionary<string, string> _environment = new()
    {
        ["KEY"] = "s3cret-value",
        ["NESTED"] = "${env:KEY}",
        ["EMPTY"] = "",
    };

    private Secrets Secrets => new(name => _environment.GetValueOrDefault(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain $ text } {", "plain $ text } {")]
    [InlineData("${env:KEY}", "s3cret-value")]
    [InlineData("a ${env:KEY} b ${env:KEY}", "a s3cret-value b s3cret-value")]
    [InlineData("[${env:EMPTY}]", "[]")]
    [InlineData("$${env:KEY}", "${env:KEY}")]
    [InlineData("$${ and ${env:KEY}", "${ and s3cret-value")]
    [InlineData("${env:NESTED}", "${env:KEY}")]
    public void References_are_replaced_once_and_escapes_are_kept(string text, string expected) => Secrets.Resolve(text).ShouldBe(expected);

    [Theory]
    [InlineData("top\n", "top")]
    [InlineData("top\r\n", "top")]
    [InlineData("top\n\n", "top\n")]
    [InlineData("top", "top")]
    public void A_file_loses_one_newline_at_its_end(string content, string expected)
    {
        var path = Path.Combine(_folder, "key");
        File.WriteAllText(path, content);

        Secrets.Resolve($"<${{file:{path}}}>").ShouldBe($"<{expected}>");
    }

    [Theory]
    [InlineData("${env:ABSENT}", "${env:ABSENT} is not set")]
    [InlineData("${KEY}", "${KEY} is no secret reference")]
    [InlineData("${env:}", "${env:} is no secret reference")]
    [InlineData("${vault:x}", "${vault:x} is no secret reference")]
    [InlineData("${env:KEY", "not closed")]
    [InlineData("${file:/nowhere/at/all}", "no such file")]
    [InlineData("${file:a\0b}", "cannot be read")]
    [InlineData("${env:KEY} ${env:ABSENT}", "${env:ABSENT} is not set")]
    public void What_cannot_be_resolved_is_named_and_no_value_is_told(string text, string expected)
    {
        var problem = Should.Throw<SecretMissingException>(() => Secrets.Resolve(text)).Message;

        problem.ShouldContain(expected);
        problem.ShouldNotContain("s3cret-value");
    }

    [Fact]
    public void A_file_larger_than_the_bound_is_refused()
    {
        var path = Path.Combine(_folder, "huge");
        File.WriteAllBytes(path, new byte[Secrets.LongestFile + 1]);

        Should.Throw<SecretMissingException>(() => Secrets.Resolve($"${{file:{path}}}")).Message.ShouldContain("larger than 64 KiB");
    }

    [Fact]
    public void The_shape_is_checked_without_reading_anything()
    {
        Secrets.Problem("${env:ABSENT} ${file:/nowhere} $${x").ShouldBeNull();
        Secrets.Problem("${vault:x}").ShouldNotBeNull();
        Secrets.Problem("${env:X").ShouldNotBeNull();
    }

    [Fact]
    public void Resolved_values_are_masked_in_every_form_and_short_ones_are_not()
    {
        _environment["QUERY"] = "a b/\"ç";
        _environment["PIN"] = "123";
        var resolved = new ResolvedSecrets(Secrets);
        resolved.Resolve("${env:KEY}${env:QUERY}${env:PIN}");

        var masked = resolved.Mask(
            $"s3cret-value {Uri.EscapeDataString("a b/\"ç")} \"a b/\\u0022\\u00E7\" {Convert.ToBase64String(Encoding.UTF8.GetBytes("s3cret-value"))} 123"
        );

        masked.ShouldBe("*** *** \"***\" *** 123");
    }

    [Theory]
    [InlineData("\"a b/\\\"ç\"", "JavaScript")]
    [InlineData("\"a b\\/\\\"ç\"", "PHP")]
    public void A_secret_is_masked_as_others_write_it_in_json(string told, string writer)
    {
        _environment["QUERY"] = "a b/\"ç";
        var resolved = new ResolvedSecrets(Secrets);
        resolved.Resolve("${env:QUERY}");

        resolved.Mask(told).ShouldBe("\"***\"", writer);
    }

    [Fact]
    public void A_secret_inside_a_longer_one_leaves_no_rest()
    {
        _environment["LONG"] = "s3cret-value-and-more";
        var resolved = new ResolvedSecrets(Secrets);
        resolved.Resolve("${env:KEY}");
        resolved.Resolve("${env:LONG}");

        resolved.Mask("x s3cret-value-and-more y").ShouldBe("x *** y");
    }
}
