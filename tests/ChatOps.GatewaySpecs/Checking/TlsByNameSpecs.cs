namespace ChatOps.GatewaySpecs.Checking;

/// <summary>TLS that is passed through by its name: to sockets of nginx alone, and from there to what is exposed.</summary>
public sealed class TlsByNameSpecs
{
    [Theory]
    [InlineData("proxy_pass $tls_to;", "proxy_pass $ssl_preread_server_name;", "should be: proxy_pass $tls_to;")]
    [InlineData(
        "default unix:/run/chatops/nginx/http.sock;",
        "default unix:/run/marker.sock;",
        "should be: default unix:/run/chatops/nginx/http.sock;"
    )]
    [InlineData(
        " app.example.com unix:/run/chatops/nginx/",
        " app.example.com unix:/run/marker/",
        "should be: HOST unix:/run/chatops/nginx/tls-NAME.sock;"
    )]
    [InlineData(" app.example.com unix:", " include unix:", "should be: HOST unix:/run/chatops/nginx/tls-NAME.sock;")]
    [InlineData(
        " app.example.com unix:/run/chatops/nginx/tls-app",
        " app.example.com unix:/run/chatops/nginx/tls-other",
        "nothing listens on tls-other.example.com.sock"
    )]
    [InlineData(
        "listen unix:/run/chatops/nginx/tls-app.example.com.sock proxy_protocol;",
        "listen unix:/run/chatops/nginx/http.sock proxy_protocol;",
        "http.sock is the http part's"
    )]
    [InlineData(
        "listen unix:/run/chatops/nginx/tls-app.example.com.sock proxy_protocol;",
        "listen unix:/run/chatops/nginx/tls-_2a.example.com.sock proxy_protocol;",
        "there is a server on tls-_2a.example.com.sock already"
    )]
    [InlineData(
        "listen unix:/run/chatops/nginx/tls-app.example.com.sock proxy_protocol;",
        "listen unix:/run/chatops/marker.sock proxy_protocol;",
        "should be: listen unix:/run/chatops/nginx/tls-NAME.sock proxy_protocol;"
    )]
    [InlineData(
        "listen 0.0.0.0:443 so_keepalive",
        "listen 0.0.0.0:80 so_keepalive",
        "the server that ends here should listen on tcp 443, to lead by the name in TLS"
    )]
    [InlineData(
        "    ssl_preread on;\n",
        "",
        "the server that ends here should read the name in TLS and say the client, to lead by the name, and no other server should"
    )]
    [InlineData(
        "    proxy_pass tls-app.example.com;",
        "    proxy_protocol on;\n    proxy_pass tls-app.example.com;",
        "the server that ends here should read the name in TLS and say the client, to lead by the name, and no other server should"
    )]
    [InlineData(
        "    ssl_preread on;\n",
        "    ssl_preread on;\n    set_real_ip_from unix:;\n",
        "the server that ends here is told no client"
    )]
    [InlineData("    set_real_ip_from unix:;\n", "    set_real_ip_from 0.0.0.0/0;\n", "should be: set_real_ip_from unix:;")]
    [InlineData("real_ip_header proxy_protocol;", "real_ip_header X-Real-IP;", "should be: real_ip_header proxy_protocol;")]
    [InlineData("/run/chatops/ended/tls-", "/run/chatops/ended/web-", "should be: include /run/chatops/ended/tls-NAME.con[f];")]
    [InlineData(
        "server [400::100:0:0:2]:8443;",
        "server [400::100:0:0:2]:22;",
        "exposures does not have: tcp 443 nginx 4 400::100:0:0:2 22"
    )]
    [InlineData("server [400::100:0:0:2]:8443;", "server 127.0.0.1:8443;", "127.0.0.1 is this gateway itself; lead to another machine")]
    public void It_leads_to_what_is_exposed_by_sockets_of_nginx(string text, string replacement, string reason)
    {
        var fault = Bundle.Named("passthrough").With("nginx.conf", text, replacement).Check();
        Assert.Equal("nginx.conf", fault?.File);
        Assert.EndsWith(reason, fault!.Reason, StringComparison.Ordinal);
    }
}
