using ChatOps.Gateway.Datagrams;

namespace ChatOps.GatewaySpecs.Datagrams;

/// <summary>Ports that somebody else has when the relay starts.</summary>
public sealed class WaitingPortsSpecs : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly List<string> _said = [];

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_port_that_somebody_else_has_at_the_start_keeps_no_other_from_being_served_and_is_served_when_it_is_free()
    {
        var (free, late) = (RunningRelay.FreePort(), RunningRelay.FreePort());
        using var relay = new DatagramRelay(_said.Add);
        var ports = new WaitingPorts(relay, _file, _said.Add);
        using (var stranger = Talker.Here())
        {
            Write($"listen 0.0.0.0:{free}", "to 127.0.0.1:9", $"listen 0.0.0.0:{stranger.Port}", "to 127.0.0.1:9");
            Assert.Null(ports.Load(isStart: true));
            Assert.Equal([$"0.0.0.0:{stranger.Port} is held by somebody else, and is served when that ends"], _said);
            Assert.Equal($"listen 0.0.0.0:{free}\nto 127.0.0.1:9\n", relay.Shown);
            Assert.Equal($"0.0.0.0:{stranger.Port}\n", ports.Shown);

            // What comes later is served beside it; but not when it is held itself.
            using var other = Talker.Here();
            var before = File.ReadAllText(_file);
            Write(before, $"listen 0.0.0.0:{other.Port}", "to 127.0.0.1:9");
            Assert.Contains($"udp {other.Port} (IPv4): ", ports.Load(), StringComparison.Ordinal);
            Write(before, $"listen 0.0.0.0:{late}", "to 127.0.0.1:9");
            Assert.Null(ports.Load());
            Assert.Contains($"listen 0.0.0.0:{late}\n", relay.Shown, StringComparison.Ordinal);
        }

        ports.Look();
        Assert.Equal("", ports.Shown);
        Assert.Equal(RelayFile.Shown(RelayFile.Read(File.ReadAllText(_file))), relay.Shown);
    }

    private void Write(params string[] lines) => File.WriteAllText(_file, string.Join('\n', lines) + "\n");
}
