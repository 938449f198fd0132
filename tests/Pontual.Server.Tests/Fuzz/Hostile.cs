namespace Pontual.Server.Tests.Fuzz;

/// <summary>Values that programs and attackers send by mistake or on purpose.</summary>
internal static class Hostile
{
    /// <summary>Names the variable of the environment whose value must never be seen.</summary>
    public const string SecretName = "PONTUAL_FUZZ_SECRET";

    private static readonly string[] Texts =
    [
        "",
        " ",
        "\0",
        "a\0b",
        "\u0001\u001b[31m",
        "\r\nX-Injected: yes",
        "\u202egpj.exe",
        "e\u0301\u0301\u0301\u0301",
        "𝒳✓漢字עברית",
        "\ufeff",
        "'; DROP TABLE job; --",
        "\" OR \"\"=\"",
        "1 OR 1=1",
        "x') UNION ALL SELECT null, null--",
        "$$; SELECT pg_sleep(10); $$",
        "%' ESCAPE '",
        "{{7*7}}",
        "{{parameters}}",
        "{{#each this}}{{this}}{{/each}}",
        "${env:" + SecretName + "}",
        "${file:/etc/passwd}",
        "${env:PATH}${env:",
        "$(id)",
        "`id`",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "%2e%2e%2f%2e%2e%2f",
        "/dev/zero",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:0/",
        "<script>alert(1)</script>",
        "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>",
        "=cmd|' /C calc'!A0",
        "null",
        "true",
        "NaN",
        "-1",
        "0",
        "1e400",
        "9223372036854775808",
        "-9223372036854775809",
        "2147483648",
        "٣",
        "0x10",
        "2026-02-30T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00+14:00",
        "2026-01-01T00:00:00+99:99",
        "0000-00-00",
        "99999999999d",
        "P99999999999Y",
        "0s",
        "5s..1ms",
        "* * * * * * * * *",
        "0 0 31 2 *",
        "@reboot",
        "H H H H H",
        "99/0 */0 1-0 L#9 W",
        "America/Sao_Paulo\0",
        "Etc/../../etc/passwd",
        "00000000-0000-0000-0000-000000000000",
        "*",
        "W/\"1\"",
        "\"99999999999\"",
        "con",
        "__proto__",
        "default/known-1",
        "other/secret",
        "9223372036854775807-9223372036854775807",
        "queue:",
        "key:\0",
    ];

    /// <summary>What stands in JSON as it is; the last ones are none.</summary>
    private static readonly string[] Raw =
    [
        "null",
        "true",
        "-1",
        "0",
        "-0",
        "0.1",
        "1e308",
        "1e400",
        "-1e-400",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890123456789",
        "[]",
        "{}",
        "[null]",
        "[[[[[[[[]]]]]]]]",
        "{\"\":{\"\":{\"\":0}}}",
        "{\"__proto__\":{\"admin\":true}}",
        "{\"a\":1,\"a\":2}",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "NaN",
        "Infinity",
        "01",
        "'single'",
        "undefined",
    ];

    public static string Text(Random random) =>
        random.Next(12) switch
        {
            0 => new string('a', random.Next(100, 400)),
            1 => new string((char)random.Next(0x20, 0x2fff), random.Next(1, 3_000)),
            2 => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xd7ff))),
            _ => Texts[random.Next(Texts.Length)],
        };

    /// <summary>A piece of JSON, or of what claims to be.</summary>
    public static string Json(Random random) =>
        random.Next(20) switch
        {
            0 => Nested(random.Next(2) == 0 ? 70 : 3_000),
            1 => $"[{string.Join(',', Enumerable.Repeat("{\"a\":[]}", random.Next(1, 1_500)))}]",
            2 => $"\"{new string('x', random.Next(5_000, 80_000))}\"",
            < 11 => Raw[random.Next(Raw.Length)],
            _ => System.Text.Json.JsonSerializer.Serialize(Text(random)),
        };

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);
}
