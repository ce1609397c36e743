namespace ChatOps.GatewaySpecs.Checking;

/// <summary>gRPC, and headers of the PROXY protocol: the words that the templates write, and no others.</summary>
public sealed class GrpcAndProxySpecs
{
    [Theory]
    [InlineData(
        "grpc",
        "nginx.conf",
        "grpc_pass grpc://web-app.example.com_shop.Cart;",
        "grpc_pass grpc://localhost;",
        "there is no upstream localhost"
    )]
    [InlineData(
        "grpc",
        "nginx.conf",
        "grpc_pass grpc://web-app.example.com_shop.Cart;",
        "grpc_pass grpc://127.0.0.1:22;",
        "should be: grpc_pass grpc://NAME;"
    )]
    [InlineData(
        "grpc",
        "nginx.conf",
        "grpc_pass grpc://web-app.example.com_shop.Cart;",
        "grpc_pass grpc://unix:/run/marker.sock;",
        "should be: grpc_pass grpc://NAME;"
    )]
    [InlineData(
        "grpc",
        "nginx.conf",
        "grpc_pass grpc://web-app.example.com_shop.Cart;",
        "grpc_pass grpcs://web-app.example.com_shop.Cart;",
        "should be: grpc_pass grpc://NAME;"
    )]
    [InlineData(
        "grpc",
        "nginx.conf",
        "grpc_set_header X-Forwarded-User \"\";",
        "grpc_set_header X-Forwarded-User root;",
        "should be: grpc_set_header HEADER \"\";"
    )]
    [InlineData(
        "grpc",
        "nginx.conf",
        "grpc_read_timeout 1h;",
        "grpc_ssl_certificate_key /etc/chatops/tls/shop/privkey.pem;",
        "grpc_ssl_certificate_key is not allowed in http"
    )]
    [InlineData(
        "grpc",
        "nginx.conf",
        "server [400::100:0:0:2]:50051",
        "server [400::100:0:0:2]:22",
        "exposures does not have: tcp 80 nginx 4 400::100:0:0:2 22"
    )]
    [InlineData(
        "proxy-protocol",
        "haproxy.cfg",
        "send-proxy-v2",
        "send-proxy-v2-ssl",
        "should be: default-server check inter TIME fall NUMBER rise NUMBER send-proxy-v2"
    )]
    [InlineData(
        "proxy-protocol",
        "haproxy.cfg",
        "send-proxy-v2",
        "send-proxy-v2 proxy-v2-options ssl",
        "should be: default-server check inter TIME fall NUMBER rise NUMBER send-proxy-v2"
    )]
    public void No_other_word_gets_through(string bundle, string file, string text, string replacement, string reason)
    {
        var fault = Bundle.Named(bundle).With(file, text, replacement).Check();
        Assert.Equal(file, fault?.File);
        Assert.EndsWith(reason, fault!.Reason, StringComparison.Ordinal);
    }
}
