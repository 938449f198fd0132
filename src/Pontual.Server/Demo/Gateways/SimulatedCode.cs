using QRCoder;

namespace Pontual.Server.Demo.Gateways;

/// <summary>A code for pairing as gateways picture it: one that can be scanned, though no phone takes it.</summary>
internal static class SimulatedCode
{
    private const int PixelsPerModule = 4;

    /// <summary>Base64 of a PNG.</summary>
    public static string Base64(string code) => Convert.ToBase64String(Png(code));

    /// <summary>As above, as a data URL.</summary>
    public static string DataUrl(string code) => $"data:image/png;base64,{Base64(code)}";

    /// <summary>A PNG.</summary>
    public static byte[] Png(string code) => PngByteQRCodeHelper.GetQRCode(code, QRCodeGenerator.ECCLevel.L, PixelsPerModule);
}
