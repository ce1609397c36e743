#!/usr/bin/env bash
# nginx 1.22.1 (Debian 12) with its default server_names_hash_bucket_size.
# Surprise: a server name of 194 characters (a valid one: labels of 60) passes the check and works while it is the only one. When a second server with a
#   short name comes, the configuration as a whole is refused, and the message does not say which name it is about. So the change that is refused is
#   not the one that has the fault.
# So: the length of a name is checked when it is taken, or the bucket size is written for the longest of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(apt-cache madison nginx | awk '$3 ~ /^1\.22\.1/ { print $3; exit }')
apt-get download -q "nginx=${version:?no nginx 1.22.1 here: apt-get update first}" >&2
dpkg -x nginx_*.deb tools
label=$(printf 'a%.0s' $(seq 60))
long=$label.$label.$label.example.com
check() {
  printf '%s: ' "$1"
  shift
  {
    echo "pid $folder/pid; events {}"
    echo "http { access_log off; client_body_temp_path $folder/1; proxy_temp_path $folder/2; fastcgi_temp_path $folder/3; uwsgi_temp_path $folder/4; scgi_temp_path $folder/5;"
    for name in "$@"; do echo "server { listen 127.0.0.1:8001; server_name $name; }"; done
    echo '}'
  } >nginx.conf
  if tools/usr/sbin/nginx -t -q -e stderr -p "$folder" -c "$folder/nginx.conf" 2>said; then echo passes; else sed -n 's/.*\[emerg\] [^ ]* /refused: /p' said | head -1; fi
}
{
  check "one of ${#long} characters" "$long"
  check 'a short one beside it' "$long" b.example.com
  check 'ten short ones' {a..j}.example.com
} | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
one of 194 characters: passes
a short one beside it: refused: could not build server_names_hash, you should increase server_names_hash_bucket_size: 64
ten short ones: passes
END
echo 'as described'
