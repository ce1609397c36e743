using System.Net;
using System.Net.Sockets;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;

namespace ChatOps.GatewaySpecs.Loading;

/// <summary>What nginx and HAProxy read when somebody else has one of their ports.</summary>
public sealed class HeldPortsSpecs
{
    [Theory]
    [InlineData("    listen 0.0.0.0:8200 so_keepalive=on;", "    listen unix:/run/chatops/nginx/held-4-8200.sock so_keepalive=on;")]
    [InlineData(
        "    listen [::]:8200 ipv6only=on so_keepalive=on;",
        "    listen unix:/run/chatops/nginx/held-6-8200.sock so_keepalive=on;"
    )]
    [InlineData(
        "    listen [::]:8200 ssl http2 default_server;",
        "    listen unix:/run/chatops/nginx/held-6-8200.sock ssl http2 default_server;"
    )]
    [InlineData("  bind 0.0.0.0:8200", "  bind unix@/run/chatops-haproxy/held-4-8200.sock")]
    [InlineData("  bind :::8200 v6only", "  bind unix@/run/chatops-haproxy/held-6-8200.sock")]
    [InlineData("    listen 0.0.0.0:82000;", "    listen 0.0.0.0:82000;")]
    [InlineData("    proxy_pass 10.1.0.2:8200;", "    proxy_pass 10.1.0.2:8200;")]
    public void A_port_that_is_held_is_a_socket_of_this_machine_instead(string line, string instead)
    {
        Listener[] held = [new(Protocol.Tcp, 4, 8200, "nginx"), new(Protocol.Tcp, 6, 8200, "nginx")];
        Assert.Equal($"a\n{instead}\n    listen 0.0.0.0:80;\n", HeldPorts.Without($"a\n{line}\n    listen 0.0.0.0:80;\n", held));
        Assert.Equal($"a\n{line}\n", HeldPorts.Without($"a\n{line}\n", []));
    }

    [Theory]
    [InlineData("127.0.0.1", 4, 6)]
    [InlineData("::1", 6, 4)]
    public void A_listener_on_any_address_of_a_family_holds_the_port_and_one_of_the_other_does_not(string address, int family, int other)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.False(Wire.IsFree(family, port));
        Assert.True(Wire.IsFree(other, port));
        listener.Stop();
        Assert.True(Wire.IsFree(family, port));
    }
}
