using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>Changes a file at random, by what means something to somebody, and never more than what is harmless.</summary>
internal static class Mutation
{
    // What has a meaning to one of the programs that read our files, or was one to a reader of texts once.
    private static readonly string[] Words =
    [
        .. "\" ' \\ $ ` # ; { } [ ] / * , . : :: - -- = ( ) | & < > ! @ % ^ ~ + \t \r \n \0 \x7f \xff".Split(' '),
        " ",
        "\\\n",
        "\"\n",
        "0",
        "00",
        "1",
        "65535",
        "65536",
        "4294967296",
        "-1",
        "127.0.0.1",
        "::1",
        "::",
        "0.0.0.0",
        "203.0.113.10",
        "::ffff:10.1.0.2",
        "64:ff9b::7f00:1",
        "010.1.0.2",
        "10.1.0.02",
        "400:0::100:0:0:2",
        "[::1]",
        "localhost",
        "unix:",
        "include",
        "flush ruleset",
        "define x = 1",
        "table ip other {}",
        "user nobody",
        "#!",
        "; ",
        "# ",
        "\n\n",
        "/marker/read",
        "include /marker/read;",
        "include \"/marker/read\"",
        "conf-file=/marker/read",
        "include: /marker/read",
        "src -f /marker/read",
        "exec /marker/run",
        "return;",
        "}",
        "} }",
        "{ }",
        "tcp",
        "udp",
        "nginx",
        "haproxy",
        "nftables",
        "accept",
        "drop",
        "con[f]",
        "..",
        "../",
        "//",
    ];

    /// <summary>The file with one to three changes; <paramref name="known"/> are lines of such files.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "the same mutations in every run")]
    public static byte[] Of(byte[] file, string[] known, Random random)
    {
        var text = Encoding.Latin1.GetString(file);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(text.Length + 1);
            var word = Words[random.Next(Words.Length)];
            var end = Math.Min(text.Length, at + random.Next(0, 12));
            var (start, stop) = LineAt(text, at);
            text = random.Next(11) switch
            {
                0 => text[..at] + (char)random.Next(256) + text[Math.Min(at + 1, text.Length)..],
                1 => text[..at] + word + text[at..],
                2 => text[..at] + word + text[end..],
                3 => text[..at] + text[end..],
                4 => text[..start] + text[stop..],
                5 => text[..stop] + text[start..],
                6 => text[..start] + known[random.Next(known.Length)] + "\n" + text[start..],
                7 => text[..start] + known[random.Next(known.Length)] + "\n" + text[stop..],
                8 => text[..at] + random.Next(100_000) + text[end..],
                9 => text[..start] + new string(' ', random.Next(1100)) + text[start..],
                _ => text[..start] + "# " + text[start..],
            };
        }

        return Encoding.Latin1.GetBytes(text);
    }

    private static (int Start, int Stop) LineAt(string text, int at)
    {
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var stop = text.IndexOf('\n', at);
        return (start, stop < 0 ? text.Length : stop + 1);
    }
}
