#!/usr/bin/env bash
# pgbouncer 1.18.0 of Debian 12 (1.24.1 of Debian 13 does the same), with a file in which the section [pgbouncer] stands twice.
# Surprise: in an INI file a section that begins again usually goes on. Here its beginning sets every setting back to its default: what the first half has said is
# forgotten in silence, while settings that only the second half has are there. unix_socket_dir, which the first half empties, is /tmp again, with
# the usual port; nobody listens on the address and port of the first half.
# So: whoever puts such files together from pieces, or checks them line by line, has to see to it that each section stands once.
set -euo pipefail
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
library=$(dirname "$(find root -name 'libevent-2.1.so.7' | head -1)")

as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
chmod 0755 "$folder"

ask() {
  printf '%s\n' "$@" >file.ini
  rm -f said
  # It does not run as root.
  LD_LIBRARY_PATH=$library "${as[@]}" root/usr/sbin/pgbouncer file.ini >said 2>&1 &
  server=$!
  for _ in $(seq 100); do
    grep -q 'process up' said && break
    sleep 0.1
  done
  kill "$server"
  wait "$server" || true
  server=
  grep -o 'listening on .*' said | sort
}

{
  echo 'once:'
  ask '[databases]' '* = host=127.0.0.1 port=5432' '[pgbouncer]' 'listen_addr = 127.0.0.1' 'listen_port = 16432' 'unix_socket_dir =' 'auth_type = any'
  echo 'the section begins again before auth_type:'
  ask '[databases]' '* = host=127.0.0.1 port=5432' '[pgbouncer]' 'listen_addr = 127.0.0.1' 'listen_port = 16432' 'unix_socket_dir =' '[pgbouncer]' 'auth_type = any'
} | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
once:
listening on 127.0.0.1:16432
the section begins again before auth_type:
listening on unix:/tmp/.s.PGSQL.6432
END
echo 'as described'
