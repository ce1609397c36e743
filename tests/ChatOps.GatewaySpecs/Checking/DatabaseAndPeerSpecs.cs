namespace ChatOps.GatewaySpecs.Checking;

/// <summary>PostgreSQL over TLS, and networks behind peers: the words that the templates write, and no others.</summary>
public sealed class DatabaseAndPeerSpecs
{
    [Theory]
    [InlineData(
        "client_tls_key_file = /run/chatops-pgbouncer/example.key",
        "client_tls_key_file = /etc/ssl/private/other.key",
        "line 12: should be: client_tls_key_file = /run/chatops-pgbouncer/NAME.key"
    )]
    [InlineData(
        "client_tls_cert_file = /run/chatops-pgbouncer/example.crt",
        "client_tls_cert_file = /run/chatops-pgbouncer/../marker.crt",
        "line 11: should be: client_tls_cert_file = /run/chatops-pgbouncer/NAME.crt"
    )]
    [InlineData("client_tls_sslmode = require", "client_tls_sslmode = allow", "line 10: should be: client_tls_sslmode = require")]
    [InlineData("client_tls_sslmode = require\n", "", "should say: client_tls_sslmode = require")]
    [InlineData(
        "client_tls_ca_file = /run/chatops-pgbouncer/example.crt\n",
        "",
        "should say: client_tls_ca_file = /run/chatops-pgbouncer/NAME.crt"
    )]
    [InlineData(
        "client_tls_key_file = /run/chatops-pgbouncer/example.key\n",
        "",
        "should say: client_tls_key_file = /run/chatops-pgbouncer/NAME.key"
    )]
    [InlineData(
        "client_tls_cert_file = /run/chatops-pgbouncer/example.crt\n",
        "",
        "should say: client_tls_cert_file = /run/chatops-pgbouncer/NAME.crt"
    )]
    [InlineData(",options,search_path", ",options,Search_Path", "line 24: should be: ignore_startup_parameters = PARAMETER,PARAMETER")]
    [InlineData(",options,search_path", ",,options", "line 24: should be: ignore_startup_parameters = PARAMETER,PARAMETER")]
    public void pgbouncer_takes_TLS_by_a_certificate_of_this_machine(string text, string replacement, string reason) =>
        IsRefused("postgres", "pgbouncer.ini", text, replacement, reason);

    [Theory]
    [InlineData("192.168.77.0/24", "0.0.0.0/1", "line 11: 0.0.0.0/1 is not private; lead to a private network")]
    [InlineData("192.168.77.0/24", "198.51.100.0/24", "line 11: 198.51.100.0/24 is not private; lead to a private network")]
    [InlineData("192.168.77.0/24", "10.0.0.0/8", "line 11: 10.1.0.1 in 10.0.0.0/8 is this gateway itself; lead to another network")]
    [InlineData("192.168.77.0/24", "192.168.254.0/23", "line 11: 192.168.254.0/23 has addresses of NAT64; lead to a private network")]
    [InlineData("192.168.77.0/24", "192.168.77.1/24", "line 11: should be: AllowedIPs = NETWORK")]
    [InlineData("fd77::/64", "2000::/3", "line 12: 2000::/3 is not private; lead to a private network")]
    [InlineData("fd77::/64", "::/0", "line 12: ::/0 is not private; lead to a private network")]
    public void A_peer_leads_to_private_networks_of_others_alone(string text, string replacement, string reason) =>
        IsRefused("peer-routes", "wg0.conf", text, replacement, reason);

    private static void IsRefused(string bundle, string file, string text, string replacement, string reason)
    {
        var fault = Bundle.Named(bundle).With(file, text, replacement).Check();
        Assert.Equal((file, reason), (fault?.File, fault?.Reason));
    }
}
