#!/usr/bin/env bash
# nginx-conf 2.1.0, the npm package that changes nginx's configuration from a program, with nginx 1.22.1 (Debian 12) as the judge. The
#   package reads a valid file and writes it down again with nothing changed.
# Surprise: directives of one name stand together afterwards, where the first of them was. nginx goes by their order: of "deny one, allow
#   the network, deny all" the network is denied too, a variable that is built up comes out in another order, a rewrite behind an "if" runs
#   before it, and what an include held in the middle is at the front. nginx -t has nothing to say.
# So: a file with allow and deny, set, if, rewrite or include in between is not given to it; pieces are written whole, from what they are
#   meant to say.
# shellcheck disable=SC2016  # the variables are nginx's
set -euo pipefail
folder=$(mktemp -d)
nginx=
# shellcheck disable=SC2317  # called by a trap
cleanup() {
  [ -z "$nginx" ] || kill "$nginx" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
version=$(apt-cache madison nginx | awk '$3 ~ /^1\.22\.1/ { print $3; exit }')
apt-get download -q "nginx=${version:?no nginx 1.22.1 here: apt-get update first}" >&2
dpkg -x nginx_*.deb tools
npm install --silent --no-audit --no-fund nginx-conf@2.1.0 >/dev/null
cat >again.js <<'END'
const { readFileSync, writeFileSync } = require('fs');
require('nginx-conf').NginxConfFile.createFromSource(readFileSync('valid.conf', 'utf8'), (error, file) => {
  if (error) throw error;
  writeFileSync('again.conf', file.toString());
});
END
mkdir page
echo 'a page' >page/index.html
echo 'set $x "${x}b";' >middle.inc
echo 'set $x a;' >first.inc
# answer FILE: what a client gets.
answer() {
  local code
  if ! tools/usr/sbin/nginx -t -q -e stderr -p "$folder" -c "$folder/$1" 2>said; then
    sed -n 's/.*\[emerg\] [^ ]* /refused: /p;q' said
    return
  fi
  tools/usr/sbin/nginx -e stderr -p "$folder" -c "$folder/$1" 2>said &
  nginx=$!
  until code=$(curl -s -o body -w '%{http_code}' http://127.0.0.1:18085/); do sleep 0.1; done
  echo "$1: $code, $(grep -v '[<>]' body || echo no page)"
  kill "$nginx"
  wait "$nginx" || true
  nginx=
}
# ask NAME LINE...: what a server with these lines answers, and what one answers that the package wrote down again.
ask() {
  local name=$1
  shift
  cat >valid.conf <<END
daemon off; master_process off; pid $folder/pid; events { worker_connections 32; }
http {
  access_log off; client_body_temp_path $folder/1; proxy_temp_path $folder/2; fastcgi_temp_path $folder/3; uwsgi_temp_path $folder/4;
  scgi_temp_path $folder/5;
  server {
    listen 127.0.0.1:18085;
    root $folder/page;
    $*
  }
}
END
  node again.js
  echo "$name:"
  answer valid.conf
  answer again.conf
}
{
  ask 'access' 'deny 127.0.0.2; allow 127.0.0.0/8; deny all;'
  ask 'variable' 'set $x 1; if ($host) { set $x "${x}2"; } set $x "${x}3"; location / { return 200 $x; }'
  ask 'rewrite' 'rewrite ^/$ /a; if ($uri = /a) { rewrite ^ /b; } rewrite ^/b$ /c; location / { return 200 $uri; }'
  ask 'include' 'include first.inc; set $x "${x}-"; include middle.inc; location / { return 200 $x; }'
  ask 'nothing twice' 'set $x 1; location / { return 200 $x; }'
} >seen
cat seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
access:
valid.conf: 200, a page
again.conf: 403, no page
variable:
valid.conf: 200, 123
again.conf: 200, 132
rewrite:
valid.conf: 200, /c
again.conf: 200, /b
include:
valid.conf: 200, a-b
again.conf: 200, ab-
nothing twice:
valid.conf: 200, 1
again.conf: 200, 1
END
echo 'as described'
