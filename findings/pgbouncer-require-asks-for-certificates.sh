#!/usr/bin/env bash
# pgbouncer 1.18.0 of Debian 12 (1.24.1 of Debian 13 does the same), client_tls_sslmode = require: clients have to speak TLS, and of a certificate that one
# shows its manual says that it is not validated.
# Surprise: it is validated. A client that shows a certificate of somebody else, as libpq does by itself where ~/.postgresql/postgresql.crt lies, is refused in
#   the handshake, while one without any gets on to its password. And for that validation it wants authorities: with no client_tls_ca_file set it reads
#   /etc/ssl/certs/ca-certificates.crt, and on a machine without that file it does not start, saying "failed to load CA: (null)".
# So: set client_tls_ca_file, to the server's own certificate if there is nothing better; and say to users that client certificates are in the way.
set -euo pipefail
# Takes /etc/ssl/certs away for itself alone, as root.
[ -n "${inside-}" ] || inside=yes exec unshare --mount "$0"
folder=$(mktemp -d)
server=
# shellcheck disable=SC2317  # called by a trap
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q pgbouncer=1.18.0-1+deb12u1 libevent-2.1-7 libc-ares2 >/dev/null 2>&1
for package in *.deb; do dpkg-deb -x "$package" root; done
library=$(dirname "$(find "$PWD/root" -name 'libevent-2.1.so.7')")
for name in server client; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$name.example" -keyout $name.key -out $name.crt 2>/dev/null
done
: >users.txt
chmod 0755 "$folder"
chmod 0644 server.key
# A machine without the package ca-certificates.
mkdir empty
mount --bind empty /etc/ssl/certs

# The handshake of a PostgreSQL client.
shake() { openssl s_client -starttls postgres -tls1_2 -brief -connect 127.0.0.1:16432 "$@" </dev/null 2>&1 | grep -o 'CONNECTION ESTABLISHED\|alert unknown ca'; }

# ask LINE: starts it with a further line, and says how far two clients get.
ask() {
  local tries
  printf '%s\n' '[databases]' '* = host=127.0.0.1 port=5432' '[pgbouncer]' 'listen_addr = 127.0.0.1' 'listen_port = 16432' 'unix_socket_dir =' 'auth_type = scram-sha-256' \
    "auth_file = $folder/users.txt" 'client_tls_sslmode = require' "client_tls_cert_file = $folder/server.crt" "client_tls_key_file = $folder/server.key" "$1" >file.ini
  rm -f said
  LD_LIBRARY_PATH=$library setpriv --reuid 65534 --regid 65534 --clear-groups root/usr/sbin/pgbouncer file.ini >said 2>&1 &
  server=$!
  for ((tries = 0; tries < 100; tries++)); do
    grep -q 'process up\|FATAL' said && break
    sleep 0.1
  done
  grep -o 'failed to load CA: (null)' said || true
  if grep -q 'process up' said; then
    echo "shows none: $(shake)"
    echo "shows one: $(shake -cert client.crt -key client.key)"
  fi
  kill "$server" 2>/dev/null || true
  wait "$server" || true
  server=
}

{
  echo 'without client_tls_ca_file:'
  ask ''
  echo 'with:'
  ask "client_tls_ca_file = $folder/server.crt"
} | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
without client_tls_ca_file:
failed to load CA: (null)
with:
shows none: CONNECTION ESTABLISHED
shows one: alert unknown ca
END
echo 'as described'
