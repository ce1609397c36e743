using System.Formats.Tar;
using System.Text;
using ChatOps.Delivery;

namespace ChatOps.Specs.Delivery;

public class TarBundleSpecs
{
    private static readonly Dictionary<string, string> _files = new()
    {
        ["nginx.conf"] = "events {}\n",
        ["exposures"] = "",
        ["haproxy.cfg"] = "# größer\n",
    };

    [Fact]
    public void The_same_files_give_the_same_bytes_whatever_their_order()
    {
        var reversed = _files.Reverse().ToDictionary(f => f.Key, f => f.Value);

        Assert.Equal(TarBundle.Of(_files), TarBundle.Of(reversed));
    }

    [Fact]
    public void Entries_are_plain_ustar_files_of_root_from_1970_in_the_order_of_their_names()
    {
        using var reader = new TarReader(new MemoryStream(TarBundle.Of(_files)));
        var names = new List<string>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            names.Add(entry.Name);
            Assert.Equal((TarEntryFormat.Ustar, TarEntryType.RegularFile, 0, 0), (entry.Format, entry.EntryType, entry.Uid, entry.Gid));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, entry.Mode);
            Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            Assert.Equal(_files[entry.Name], Encoding.UTF8.GetString(content.ToArray()));
        }

        Assert.Equal(["exposures", "haproxy.cfg", "nginx.conf"], names);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("-rf")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_name_that_is_not_flat_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => TarBundle.Of(new Dictionary<string, string> { [name] = "x" }));
}
