using ChatOps.Gateway.Loading;

namespace ChatOps.GatewaySpecs.Loading;

/// <summary>HTTP/2 as each version of nginx wants it said.</summary>
public sealed class NginxDialectSpecs
{
    [Theory]
    [InlineData("nginx version: nginx/1.22.1", "1.22.1")]
    [InlineData("nginx version: nginx/1.28.3 (Ubuntu)", "1.28.3")]
    [InlineData("nginx version: openresty/1.27.1.2", null)]
    [InlineData("nginx is not on this gateway", null)]
    public void A_version_is_what_nginx_says_of_itself(string said, string? version) =>
        Assert.Equal(version, NginxDialect.VersionIn(said)?.ToString());

    [Fact]
    public void Each_server_that_has_it_says_so_once_and_every_line_keeps_its_number() =>
        Assert.Equal(
            """
              server {
                listen 0.0.0.0:80;
                return 404;
              }
              server {
                listen 0.0.0.0:443 ssl default_server so_keepalive=on; http2 on;
                listen [::]:443 ssl default_server so_keepalive=on;
                listen unix:/run/chatops/nginx/http.sock ssl proxy_protocol default_server;
                return 404;
              }
              server {
                # not listen 1 ssl http2;
                listen unix:/run/chatops/nginx/http.sock ssl proxy_protocol; http2 on;
                server_name app.example.com;
              }

            """,
            NginxDialect.WithDirective(
                """
                  server {
                    listen 0.0.0.0:80;
                    return 404;
                  }
                  server {
                    listen 0.0.0.0:443 ssl http2 default_server so_keepalive=on;
                    listen [::]:443 ssl http2 default_server so_keepalive=on;
                    listen unix:/run/chatops/nginx/http.sock ssl http2 proxy_protocol default_server;
                    return 404;
                  }
                  server {
                    # not listen 1 ssl http2;
                    listen unix:/run/chatops/nginx/http.sock ssl http2 proxy_protocol;
                    server_name app.example.com;
                  }

                """
            )
        );
}
