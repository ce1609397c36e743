#!/usr/bin/env bash
# dnsmasq 2.90 (Debian 12), which knows all there is of a domain (local=/vm/), and a name in it; asked by glibc and by musl 1.2.3, the C
#   library of Alpine.
# Surprise 1: given by address=, the name has its A record, and when one asks for AAAA or TXT the same name does not exist: NXDOMAIN, which
#   is said of a name, and not an empty answer, which is said of a type.
# Surprise 2: the client chooses which answer counts. Whoever asks for both kinds of address, as programs do, gets the address with glibc,
#   and "not known" with musl: Debian finds the host, and a container of Alpine's on it does not.
# Surprise 3: host-record= in its place answers right. So does a second local= with the name itself, which the manual has for a name that is
#   not below a local= yet.
# So: a name gets host-record=; where address= is for all names below one, local= stands beside it with the same name; and a test asks for
#   AAAA. Needs root and gcc.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q dnsmasq-base=2.90-4~deb12u2 musl-dev=1.2.3-1 libnetfilter-conntrack3 libnfnetlink0 libnftables1 libnftnl11 libmnl0 \
  libjansson4 libxtables12 libedit2 >&2
for package in *.deb; do dpkg -x "$package" tools; done
cat >ask.c <<'END'
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>

int main(int count, char **words) {
  struct addrinfo how = {.ai_socktype = SOCK_STREAM}, *found;
  if (count != 2 || getaddrinfo(words[1], NULL, &how, &found)) return puts("not known"), 0;
  char text[INET_ADDRSTRLEN];
  for (; found; found = found->ai_next)
    if (found->ai_family == AF_INET) puts(inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, text, sizeof text));
}
END
gcc -o glibc ask.c
musl=tools/usr/lib/x86_64-linux-musl
gcc -static -nostdlib -nostdinc -isystem tools/usr/include/x86_64-linux-musl -o musl \
  $musl/crt1.o $musl/crti.o ask.c $musl/libc.a $musl/crtn.o
cat >status.py <<'END'
import socket, struct, sys
name = b"".join(bytes([len(label)]) + label.encode() for label in sys.argv[1].split("."))
said = []
for word, kind in (("A", 1), ("AAAA", 28), ("TXT", 16)):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.connect(("127.0.0.1", 53))
        client.send(struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + name + struct.pack(">BHH", 0, kind, 1))
        answer = client.recv(4096)
    status, records = answer[3] & 15, struct.unpack(">H", answer[6:8])[0]
    said.append(f"{word} " + {0: "a record" if records else "empty", 3: "NXDOMAIN"}.get(status, f"status {status}"))
print(", ".join(said))
END
# Port 53 and an /etc/resolv.conf of its own; as root, which dnsmasq wants to be at its start.
cat >inside <<'END'
ip link set lo up
echo 'nameserver 127.0.0.1' >resolv.conf
mount --bind resolv.conf /etc/resolv.conf
# ask LINE...: a dnsmasq with these lines, and what it and two C libraries say of a name.
ask() {
  printf '%s\n' no-resolv no-hosts user=root group=root pid-file= listen-address=127.0.0.1 bind-interfaces local=/vm/ "$@" >dnsmasq.conf
  LD_LIBRARY_PATH=tools/usr/lib/x86_64-linux-gnu:tools/lib/x86_64-linux-gnu tools/usr/sbin/dnsmasq -k -C dnsmasq.conf 2>said &
  for _ in $(seq 100); do
    ! python3 status.py db.vm >status 2>/dev/null || break
    sleep 0.1
  done
  echo "$*: $(cat status); glibc: $(./glibc db.vm); musl: $(./musl db.vm)"
  kill $!
  wait
}
ask address=/db.vm/10.0.0.5
ask host-record=db.vm,10.0.0.5
ask address=/db.vm/10.0.0.5 local=/db.vm/
END
unshare --net --mount --pid --fork --kill-child bash inside | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
address=/db.vm/10.0.0.5: A a record, AAAA NXDOMAIN, TXT NXDOMAIN; glibc: 10.0.0.5; musl: not known
host-record=db.vm,10.0.0.5: A a record, AAAA empty, TXT empty; glibc: 10.0.0.5; musl: 10.0.0.5
address=/db.vm/10.0.0.5 local=/db.vm/: A a record, AAAA empty, TXT empty; glibc: 10.0.0.5; musl: 10.0.0.5
END
echo 'as described'
