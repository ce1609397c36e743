using System.Text;
using ChatOps.Specs.Conventions;
using ChatOps.Verify;
using CsCheck;

namespace ChatOps.Specs.Proof;

/// <summary>
/// Whatever is done to a file, chatops-verify says what is wrong and ends with a code: it does not crash, shows no control character, and
/// calls nothing right that was not there before.
/// </summary>
public sealed class MutatedFileSpecs : IDisposable
{
    private static readonly string Examples = Path.Combine(Checkout.Root, "docs", "log-format");

    private static readonly string[] Hostile =
    [
        .. new[] { "\u001b[2J\u001b]0;owned\u0007", "\u0000", "\u202e", "\u0085", "\ud83d\ude00", "\\ud800", "\\u001b[31m" },
        .. new[] { "99999999999999999999999", "-1", "0", "1e400", "9223372036854775807", "null", "true", "{}", "[]", "\"", "\\" },
        .. new[] { "\n", "\n\n", "\r\n", "+", "\u2014 ", "\u2014 a b", "{\"note\":7}", "{\"note\":\"\"}", "{\"export\":" },
        .. new[] { new string('[', 2_000), new string('a', 5_000), "c2sp.org/tlog-proof@v1\n", "from 0", "index 9223372036854775807" },
    ];

    private static readonly Gen<string> Text = Gen.Int[0, Hostile.Length - 1].Select(i => Hostile[i]);
    private static readonly Gen<double> At = Gen.Double[0, 1];
    private static readonly Gen<int> Line = Gen.Int[0, 40];

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf<Func<byte[], byte[]>>(
        Gen.Select(At, Gen.Byte).Select((at, to) => (Func<byte[], byte[]>)(b => Changed(b, at, 1, [to]))),
        Gen.Select(At, Gen.Int[0, 60], Text)
            .Select((at, many, text) => (Func<byte[], byte[]>)(b => Changed(b, at, many, Encoding.UTF8.GetBytes(text)))),
        At.Select(at => (Func<byte[], byte[]>)(b => b[..(int)(at * b.Length)])),
        Gen.Select(Line, Line).Select((one, other) => (Func<byte[], byte[]>)(b => Swapped(b, one, other))),
        Gen.Select(Line, Text).Select((line, text) => (Func<byte[], byte[]>)(b => Replaced(b, line, text)))
    );

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("export.jsonl")]
    [InlineData("records.tlog-proof")]
    [InlineData("growth.txt")]
    public void No_change_to_a_file_crashes_the_verifier_or_passes_for_what_was_signed(string name)
    {
        var whole = File.ReadAllBytes(Path.Combine(Examples, name));
        var right = Records(name, whole, Run(Path.Combine(Examples, name)).Said);
        Mutation
            .Array[1, 4]
            .Sample(
                mutations =>
                {
                    var path = _folder.In($"{Guid.NewGuid():N}");
                    var bytes = mutations.Aggregate(whole, (b, mutate) => mutate(b));
                    File.WriteAllBytes(path, bytes);
                    var (code, said) = Run(path);
                    File.Delete(path);
                    Assert.InRange(code, 0, 1);
                    Assert.All(said.Replace("\n", "", StringComparison.Ordinal), c => Assert.False(char.IsControl(c) || c == '\u202e'));
                    if (code == 0)
                        Assert.Subset(right, Records(name, bytes, said));
                },
                iter: 3_000
            );
    }

    [Theory]
    [InlineData("log.vkey", true)]
    [InlineData("checkpoints.txt", false)]
    public void No_change_to_a_key_or_a_checkpoint_crashes_the_verifier(string name, bool isKey)
    {
        var whole = File.ReadAllBytes(Path.Combine(Examples, name));
        Mutation.Sample(
            mutate =>
            {
                var path = _folder.In($"{Guid.NewGuid():N}");
                File.WriteAllBytes(path, mutate(whole));
                var export = Path.Combine(Examples, "export.jsonl");
                var (code, said) = isKey ? Run(export, key: path) : Run(export, checkpoints: path);
                File.Delete(path);
                Assert.InRange(code, 0, 2);
                Assert.DoesNotContain('\u001b', said);
            },
            iter: 1_000
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("c2sp.org/tlog-proof@v1\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nc2sp.org/tlog-proof@v1\n")]
    [InlineData("c2sp.org/tlog-proof@v1")]
    [InlineData("chatops-growth@v1\nfrom 0\n\n")]
    [InlineData("{\"export\":\"chatops-log-v1\",\"origin\":\"chatops/example\",\"records\":0}\n")]
    [InlineData("{\"export\":\"chatops-log-v1\",\"origin\":\"chatops/example\",\"records\":-1}\n")]
    [InlineData("{\"export\":\"chatops-log-v1\",\"origin\":\"chatops/example\",\"records\":1e400}\n")]
    [InlineData("{\"note\":7}\n")]
    public void A_file_with_nothing_in_it_proves_nothing(string text)
    {
        File.WriteAllText(_folder.In("empty"), text);
        var (code, said) = Run(_folder.In("empty"));
        Assert.Equal(1, code);
        Assert.NotEqual("", said.Trim());
    }

    [Fact]
    public void What_a_forged_file_says_is_shown_and_not_obeyed()
    {
        File.WriteAllText(
            _folder.In("forged"),
            "{\"export\":\"chatops-log-v1\",\"origin\":\"\\u001b[2Jall is well\\u202e\",\"records\":1}\n"
        );
        Assert.Equal(
            (1, "the file is of the log \\u{1b}[2Jall is well\\u{202e}, and the key is of chatops/example.\n"),
            Run(_folder.In("forged"))
        );
    }

    [Fact]
    public void A_file_that_cannot_be_read_twice_or_has_no_name_is_a_wrong_line()
    {
        Assert.Equal(2, Run("").Code);
        Assert.Equal(2, Run("a\0b").Code);
        Assert.Equal(2, Run(_folder.Path).Code);
        Assert.Equal(2, Run(Path.Combine(Examples, "export.jsonl"), checkpoints: "").Code);
    }

    private static (int Code, string Said) Run(string file, string? key = null, string? checkpoints = null)
    {
        var said = new StringWriter();
        string[] line =
        [
            file,
            "--key",
            key ?? Path.Combine(Examples, "log.vkey"),
            "--checkpoint",
            checkpoints ?? Path.Combine(Examples, "checkpoints.txt"),
        ];
        var code = Command.Run(line, said, said);
        return (code, said.ToString());
    }

    // What is called right: the records of an export, those that a proof shows, the sizes of a growth.
    private static HashSet<string> Records(string name, byte[] bytes, string said) =>
        name == "export.jsonl"
            ?
            [
                .. Encoding
                    .Latin1.GetString(bytes)
                    .Split('\n')
                    .Skip(1)
                    .Where(l => l.Length > 0 && !l.StartsWith("{\"note\":", StringComparison.Ordinal)),
            ]
            :
            [
                .. said.Split('\n')
                    .Where(l => l.StartsWith("record ", StringComparison.Ordinal) || l.StartsWith("grown: ", StringComparison.Ordinal)),
            ];

    private static byte[] Changed(byte[] bytes, double at, int length, byte[] to)
    {
        var start = (int)(at * bytes.Length);
        return [.. bytes[..start], .. to, .. bytes[Math.Min(bytes.Length, start + length)..]];
    }

    private static byte[] Swapped(byte[] bytes, int one, int other)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        (lines[one % lines.Length], lines[other % lines.Length]) = (lines[other % lines.Length], lines[one % lines.Length]);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static byte[] Replaced(byte[] bytes, int line, string text)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        lines[line % lines.Length] = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
