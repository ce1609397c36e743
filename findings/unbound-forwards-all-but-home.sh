#!/usr/bin/env bash
# unbound 1.17.1 (Debian 12): one that knows some names, and one that forwards everything (forward-zone ".") to it.
# Surprise: "everything" leaves out what is private: home.arpa, the reverse zones of 10/8, 192.168/16 and fd00::/8 are answered with NXDOMAIN by the
#   forwarder itself, though the one behind it knows the names. The names of the inside are those that an inside resolver is asked for.
#   What may help is not one switch either: unblock-lan-zones opens the reverse zones and not home.arpa, which needs a local-zone of its own.
# So: a resolver for VMs sets unblock-lan-zones and a transparent local-zone for home.arpa, and a test asks for a name of each kind.
set -euo pipefail
folder=$(mktemp -d)
pids=()
end() { kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"; }
trap end EXIT
cd "$folder"
version=$(apt-cache madison unbound | awk '$3 ~ /^1\.17\.1/ { print $3; exit }')
apt-get download -q "unbound=${version:?no unbound 1.17.1 here: apt-get update first}" libevent-2.1-7 libhiredis0.14 libprotobuf-c1 libpython3.11 >&2
for package in *.deb; do dpkg -x "$package" tools; done
export LD_LIBRARY_PATH=$PWD/tools/usr/lib/x86_64-linux-gnu
# start NAME PORT LINE...
start() {
  local name=$1 port=$2
  shift 2
  { printf 'server:\n  directory: "%s"\n  chroot: ""\n  username: ""\n  pidfile: ""\n  use-syslog: no\n  logfile: "%s.log"\n' "$folder" "$name"
    printf '  interface: 127.0.0.1\n  port: %s\n  do-not-query-localhost: no\n  module-config: "iterator"\n' "$port"
    printf '%s\n' "$@"; } >"$name.conf"
  tools/usr/sbin/unbound -d -c "$folder/$name.conf" &
  pids+=($!)
}
forward=('forward-zone:' '  name: "."' '  forward-addr: 127.0.0.1@5390')
start inside 5390 '  local-zone: "home.arpa." static' '  local-data: "printer.home.arpa. A 192.0.2.1"' '  local-data: "printer.example. A 192.0.2.1"' \
  '  local-zone: "10.in-addr.arpa." static' '  local-data-ptr: "10.1.0.2 vm1.example"'
start plain 5391 "${forward[@]}"
start unblocked 5392 '  unblock-lan-zones: yes' "${forward[@]}"
start open 5393 '  unblock-lan-zones: yes' '  local-zone: "home.arpa." transparent' "${forward[@]}"
cat >ask.py <<'END'
import socket, struct, sys, time
def ask(port, name, kind):
    query = struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + struct.pack(">BHH", 0, kind, 1)
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(1)
            s.connect(("127.0.0.1", port))
            try:
                s.send(query)
                answer = s.recv(4096)
            except OSError:
                time.sleep(0.1)
                continue
            return {0: "answered", 3: "NXDOMAIN"}.get(answer[3] & 15, "error") if answer[3] & 15 or struct.unpack(">H", answer[6:8])[0] else "empty"
    return "no answer"
for port, who in ((5390, "inside"), (5391, "forwards all"), (5392, "unblock-lan-zones"), (5393, "and home.arpa transparent")):
    print(f"{who}: " + ", ".join(f"{n} {ask(port, n, k)}" for n, k in (("printer.example", 1), ("printer.home.arpa", 1), ("2.0.1.10.in-addr.arpa", 12))))
END
python3 ask.py | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
inside: printer.example answered, printer.home.arpa answered, 2.0.1.10.in-addr.arpa answered
forwards all: printer.example answered, printer.home.arpa NXDOMAIN, 2.0.1.10.in-addr.arpa NXDOMAIN
unblock-lan-zones: printer.example answered, printer.home.arpa NXDOMAIN, 2.0.1.10.in-addr.arpa answered
and home.arpa transparent: printer.example answered, printer.home.arpa answered, 2.0.1.10.in-addr.arpa answered
END
echo 'as described'
