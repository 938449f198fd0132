using System.Text;
using Pontual.Engine.Access;
using Pontual.Server.Access;

namespace Pontual.Server.Tests.Access;

public class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 4226, appendix D.</summary>
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(2, "359152")]
    [InlineData(3, "969429")]
    [InlineData(4, "338314")]
    [InlineData(5, "254676")]
    [InlineData(6, "287922")]
    [InlineData(7, "162583")]
    [InlineData(8, "399871")]
    [InlineData(9, "520489")]
    public void Codes_by_counter_are_those_of_RFC_4226(long step, string code) => Assert.Equal(code, Totp.CodeOf(Secret, step));

    /// <summary>RFC 6238, appendix B (SHA-1), the last six of eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void Codes_by_time_are_those_of_RFC_6238(long second, string code) =>
        Assert.Equal(code, Totp.CodeOf(Secret, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(second))));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_clock_may_be_one_step_off(int off, bool matches)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_109);

        var step = Totp.Match(Secret, Totp.CodeOf(Secret, Totp.StepOf(now) + off), now);

        Assert.Equal(matches ? Totp.StepOf(now) + off : null, step);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base_32_is_that_of_RFC_4648(string text, string encoded) => Assert.Equal(encoded, Base32.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Apps_read_the_address() =>
        Assert.Equal(
            "otpauth://totp/Pontual:shop%2Fana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Pontual&algorithm=SHA1&digits=6&period=30",
            Totp.UriOf(UserName.Parse("ana").In(Engine.Tenants.TenantName.Parse("shop")), Secret)
        );
}
