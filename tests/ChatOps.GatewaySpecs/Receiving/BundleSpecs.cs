using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ChatOps.Gateway.Receiving;

namespace ChatOps.GatewaySpecs.Receiving;

/// <summary>A bundle is a flat, plain ustar archive of files whose names are known, and nothing else is taken for one.</summary>
public sealed class BundleSpecs
{
    [Fact]
    public void Its_files_are_what_was_packed()
    {
        var files = Bundle.Read(
            Archive(
                ("exposures", "tcp 80 nginx 4 10.1.0.2 8080\n"),
                ("listeners", ""),
                ("nginx.conf.patch", "d1 1\n"),
                ("base", "7\n"),
                ("sums", "x\n")
            )
        );
        Assert.Equal(["base", "exposures", "listeners", "nginx.conf.patch", "sums"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("tcp 80 nginx 4 10.1.0.2 8080\n", Encoding.ASCII.GetString(files["exposures"]));
        Assert.Empty(files["listeners"]);
    }

    [Theory]
    [InlineData("passwd")]
    [InlineData("../exposures")]
    [InlineData("./exposures")]
    [InlineData("sums.patch")]
    [InlineData("revision")]
    [InlineData(".looks")]
    public void A_name_that_is_not_known_is_refused(string name) =>
        Assert.Equal($"the bundle has a file of an unknown name: {name}", Refused(Archive(("exposures", "x"), (name, "x"))));

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Directory)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public void What_is_not_a_file_is_refused(TarEntryType type) =>
        Assert.StartsWith(
            "the bundle has something that is not a file: exposures",
            Refused(Archive(writer => writer.WriteEntry(Link(type)))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Pax)]
    public void Another_kind_of_archive_is_refused(TarEntryFormat format)
    {
        using var memory = new MemoryStream();
        using (var writer = new TarWriter(memory, format, leaveOpen: true))
            writer.WriteEntry(
                format switch
                {
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, "exposures"),
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, "exposures"),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, "exposures"),
                }
            );
        Assert.NotNull(Refused(memory.ToArray()));
    }

    [Fact]
    public void A_compressed_one_is_refused()
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(Archive(("exposures", new string('x', 5000)), ("listeners", new string('y', 500_000))));
        Assert.Equal("not a whole tar archive: plain ustar is taken and nothing else", Refused([.. memory.ToArray(), .. new byte[2048]]));
    }

    [Fact]
    public void The_same_name_twice_is_refused() =>
        Assert.Equal("the bundle has exposures twice", Refused(Archive(("exposures", "one"), ("exposures", "two"))));

    [Fact]
    public void Nothing_at_all_is_refused() => Assert.Equal("not a whole tar archive: nothing came", Refused([]));

    [Fact]
    public void One_that_was_cut_anywhere_is_refused()
    {
        var whole = Archive(("exposures", "tcp 80 nginx 4 10.1.0.2 8080\n"), ("listeners", "tcp 4 80 nginx\n"));
        // Its last two blocks are its end; what tar writes behind them to fill up says nothing.
        for (var length = 1; length < 2048 + 1024; length += 61)
            Assert.NotNull(Refused(whole[..length]));
    }

    [Fact]
    public void A_header_of_which_any_byte_is_another_is_refused()
    {
        var whole = Archive(("exposures", "tcp 80 nginx 4 10.1.0.2 8080\n"), ("listeners", ""));
        for (var at = 0; at < 512; at++)
        {
            var other = (byte[])whole.Clone();
            other[at] ^= 1;
            // The sum of a header sees every bit of it.
            Assert.NotNull(Refused(other));
        }
    }

    [Fact]
    public void What_would_be_too_large_is_refused() =>
        Assert.Equal(
            $"the bundle is larger than {Bundle.Limit} bytes",
            Refused(Archive(("exposures", new string('x', Bundle.Limit)), ("listeners", "x")))
        );

    private static UstarTarEntry Link(TarEntryType type)
    {
        var entry = new UstarTarEntry(type, "exposures");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "listeners";
        return entry;
    }

    private static string? Refused(byte[] archive)
    {
        try
        {
            Bundle.Read(archive);
            return null;
        }
        catch (Gateway.Refusal refusal)
        {
            Assert.Equal(("receiving", "bundle"), (refusal.Step, refusal.Code));
            return refusal.Message;
        }
    }

    private static byte[] Archive(params (string Name, string Text)[] files) =>
        Archive(writer =>
        {
            foreach (var (name, text) in files)
                writer.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.ASCII.GetBytes(text)) }
                );
        });

    private static byte[] Archive(Action<TarWriter> write)
    {
        using var memory = new MemoryStream();
        using (var writer = new TarWriter(memory, TarEntryFormat.Ustar, leaveOpen: true))
            write(writer);
        return memory.ToArray();
    }
}
