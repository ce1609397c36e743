using System.Collections;
using System.Globalization;
using System.Text;
using QRCoder;

namespace ChatOps.Bot.Peers;

/// <summary>A text as a QR code (ISO/IEC 18004), with the light border that readers need.</summary>
internal sealed class QrCode
{
    private readonly string _text;
    private readonly List<BitArray> _modules;

    private QrCode(string text, List<BitArray> modules) => (_text, _modules) = (text, modules);

    /// <summary>How many modules a side has, the border included.</summary>
    public int Size => _modules.Count;

    public static QrCode Of(string text)
    {
        using var data = DataOf(text);
        return new(text, data.ModuleMatrix);
    }

    /// <summary>
    /// Two modules a character, one above the other. Light modules are drawn, as most terminals are dark; where colours can be said, say
    /// white on black.
    /// </summary>
    public IEnumerable<string> Lines()
    {
        for (var y = 0; y < Size; y += 2)
        {
            var line = new StringBuilder(Size);
            for (var x = 0; x < Size; x++)
            {
                var (upper, lower) = (!IsDark(x, y), y + 1 == Size || !IsDark(x, y + 1));
                line.Append(
                    (upper, lower) switch
                    {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        _ => ' ',
                    }
                );
            }

            yield return line.ToString();
        }
    }

    /// <summary>The dark modules as the path of an SVG whose view box is <see cref="Size"/> wide and high.</summary>
    public string Path()
    {
        var path = new StringBuilder();
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var start = x;
                while (x < Size && IsDark(x, y))
                    x++;
                if (x > start)
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
            }
        }

        return path.ToString();
    }

    public byte[] Png(int scale)
    {
        using var data = DataOf(_text);
        using var picture = new PngByteQRCode(data);
        return picture.GetGraphic(scale);
    }

    // The lowest error correction: a screen has no scratches, and a smaller code fits a terminal of 80 columns.
    private static QRCodeData DataOf(string text) => QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);

    private bool IsDark(int x, int y) => _modules[y][x];
}
