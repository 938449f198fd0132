using System.CommandLine;
using Pontual.Cli.Terminal;
using QRCoder;

namespace Pontual.Cli.Commands;

/// <summary><c>pontual sessions qr</c>: the code for pairing, drawn in the terminal or written as an image.</summary>
internal static class SessionQr
{
    public static Command Create()
    {
        var name = SessionCommands.Name();
        var file = JobOptions.Text("--png", "Write the image to this file instead", "FILE");
        return new Command("qr", "Show the code that pairs a session: whoever scans it has the account").Does(
            [name, file],
            async (session, cancellation) =>
            {
                var api = await session.ConnectAsync(cancellation);
                var path = SessionCommands.PathOf(session.Parsed.GetValue(name)!);
                if (session.Parsed.GetValue(file) is { } png)
                {
                    await File.WriteAllBytesAsync(png, await api.DownloadAsync($"{path}/qr", cancellation), cancellation);
                    session.Screen.Note($"The code is in {png}; it is good for less than a minute.");
                    return ExitCode.Ok;
                }

                var pairing = await api.GetAsync($"{path}/pairing", cancellation);
                if (session.Screen.Json)
                {
                    Screen.Write(pairing);
                    return ExitCode.Ok;
                }

                if (pairing.Text("digits") is { } digits)
                {
                    session.Screen.Line($"Type this code on the phone: [bold]{Words.Escape(digits)}[/]");
                }

                if (pairing.Text("text") is { } text)
                {
                    Screen.Raw(Drawn(text) + Environment.NewLine);
                    session.Screen.Note("Scan it with WhatsApp on the phone: Linked devices. It is good for less than a minute.");
                }
                else if (pairing.Text("png_base64") is not null)
                {
                    session.Screen.Note("This gateway gives the code as an image only: write it to a file with --png FILE.");
                }

                return ExitCode.Ok;
            }
        );
    }

    /// <summary>Two rows of modules to a line, so that it fits a terminal.</summary>
    private static string Drawn(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var drawing = new AsciiQRCode(data);
        return drawing.GetGraphicSmall(drawQuietZones: true);
    }
}
