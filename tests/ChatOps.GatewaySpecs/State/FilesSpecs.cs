using ChatOps.Gateway.State;

namespace ChatOps.GatewaySpecs.State;

public sealed class FilesSpecs
{
    [Theory]
    [InlineData("/sys/class/net/lo/ifindex")]
    [InlineData("/proc/sys/kernel/ostype")]
    public void What_the_kernel_makes_up_while_it_is_read_is_read_whole(string path) =>
        Assert.EndsWith("\n", Files.Text(path), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_there_is_nothing() => Assert.Null(Files.Text("/proc/none"));
}
