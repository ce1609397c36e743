using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChatOps.Bot.Peers;

namespace ChatOps.Specs.Peers;

/// <summary>What a phone's camera reads from a screen: decoded by zbar, which knows nothing of how it was made.</summary>
public sealed class QrCodeSpecs
{
    private static readonly string Content =
        $"[Interface]\nPrivateKey = {new string('a', 43)}=\nAddress = 10.1.0.100/32\n\n[Peer]\nPublicKey = {new string('b', 43)}=\nEndpoint = [2001:db8::10]:51820\nAllowedIPs = 10.1.0.0/16\nPersistentKeepalive = 25\n";

    [ZbarFact]
    public async Task The_code_on_a_terminal_is_read_back()
    {
        var lines = QrCode.Of(Content).Lines().ToArray();
        Assert.All(lines, l => Assert.True(l.Length is > 20 and <= 80, $"{l.Length} columns"));
        var rows = lines.SelectMany(l => new[] { Row(l, '█', '▀'), Row(l, '█', '▄') });
        Assert.Equal(Content, await Zbar.ReadAsync([.. rows]));
    }

    [ZbarFact]
    public async Task The_code_on_the_page_is_read_back()
    {
        var code = QrCode.Of(Content);
        var rows = Enumerable.Range(0, code.Size).Select(_ => new bool[code.Size]).ToArray();
        foreach (var part in code.Path().Split('z', StringSplitOptions.RemoveEmptyEntries))
        {
            // M3 4h7v1h-7: a bar of seven, at 3 from the left and 4 from the top.
            var (x, y, width) = part[1..].Split(' ', 'h', 'v') is [var a, var b, var c, ..] ? (Number(a), Number(b), Number(c)) : default;
            Array.Fill(rows[y], true, x, width);
        }

        Assert.Equal(Content, await Zbar.ReadAsync([.. rows.Select(r => r.Select(dark => !dark).ToArray())]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static bool[] Row(string line, params char[] light) => [.. line.Select(light.Contains)];
}

/// <summary>A fact that needs zbar's reader; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ZbarFactAttribute : FactAttribute
{
    public ZbarFactAttribute()
    {
        if (!File.Exists(Zbar.Program))
            Skip = $"{Zbar.Program} is not installed (package zbar-tools)";
    }
}

internal static class Zbar
{
    public const string Program = "/usr/bin/zbarimg";

    /// <summary>Reads the QR code in a picture of light and dark modules.</summary>
    public static async Task<string> ReadAsync(bool[][] light)
    {
        using var folder = new TempFolder();
        var picture = new StringBuilder($"P1\n{light[0].Length * 4} {light.Length * 4}\n");
        foreach (var row in light)
        {
            var line = string.Concat(row.Select(l => l ? "0 0 0 0 " : "1 1 1 1 "));
            for (var i = 0; i < 4; i++)
                picture.Append(line).Append('\n');
        }

        await File.WriteAllTextAsync(folder.In("code.pbm"), picture.ToString());
        var start = new ProcessStartInfo(Program, ["--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", "--oneshot", folder.In("code.pbm")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var zbar = Process.Start(start)!;
        var text = zbar.StandardOutput.ReadToEndAsync();
        var error = await zbar.StandardError.ReadToEndAsync();
        await zbar.WaitForExitAsync();
        Assert.True(zbar.ExitCode == 0, error);
        return await text;
    }
}
