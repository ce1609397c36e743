#!/usr/bin/env bash
# nginx 1.22.1 (Debian 12), its gRPC module, before an HTTP/2 server of Node.js that knows nothing of gRPC.
# Surprise: grpc_pass carries any request, of clients of HTTP/1.1 too: the one way to an HTTP/2 server without TLS before nginx 1.29.4. But an answer to
#   HEAD and a 304 that say a content-length come out as "Content-Length: 0": the module takes the end of the stream within the headers for an empty
#   body and lets that win over what the server said. Who asks by HEAD how large a file is, is told nothing is in it.
# So: say it where people choose such a way, and let nobody learn sizes by HEAD over it.
set -euo pipefail
folder=$(mktemp -d)
pids=()
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison nginx | awk '$3 ~ /^1\.22\.1/ { print $3; exit }')
apt-get download -q "nginx=${version:?no nginx 1.22.1 here: apt-get update first}" >&2
dpkg -x nginx_*.deb tools
cat >server.js <<'END'
const server = require('http2').createServer();
server.on('stream', (stream, asked) => {
  const body = asked[':path'] === '/known' ? 304 : 200;
  const only = asked[':method'] === 'HEAD' || body === 304;
  stream.respond({ ':status': body, 'content-length': 5 }, { endStream: only });
  if (!only) stream.end('hello');
});
server.listen(18081, '127.0.0.1', () => console.log('ready'));
END
node server.js >ready &
pids+=($!)
cat >nginx.conf <<END
daemon off; pid $folder/pid; events {}
http { access_log off; client_body_temp_path $folder/1; proxy_temp_path $folder/2; fastcgi_temp_path $folder/3; uwsgi_temp_path $folder/4; scgi_temp_path $folder/5;
  server { listen 127.0.0.1:18080; location / { grpc_pass grpc://127.0.0.1:18081; } } }
END
tools/usr/sbin/nginx -e stderr -p "$folder" -c "$folder/nginx.conf" 2>said &
pids+=($!)
until [ -s ready ] && curl -s -o /dev/null http://127.0.0.1:18080/; do sleep 0.2; done
length() {
  local what=$1
  shift
  printf '%s: %s\n' "$what" "$(curl -s -i "$@" | tr -d '\r' | grep -i -o '^content-length: .*' | tr '[:upper:]' '[:lower:]')"
}
{
  length 'GET, direct' --http2-prior-knowledge http://127.0.0.1:18081/
  length 'GET, nginx' --http1.1 http://127.0.0.1:18080/
  length 'HEAD, direct' -I --http2-prior-knowledge http://127.0.0.1:18081/
  length 'HEAD, nginx' -I --http1.1 http://127.0.0.1:18080/
  length '304, direct' --http2-prior-knowledge http://127.0.0.1:18081/known
  length '304, nginx' --http1.1 http://127.0.0.1:18080/known
} | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
GET, direct: content-length: 5
GET, nginx: content-length: 5
HEAD, direct: content-length: 5
HEAD, nginx: content-length: 0
304, direct: content-length: 5
304, nginx: content-length: 0
END
echo 'as described'
