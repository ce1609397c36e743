#!/usr/bin/env bash
# wg of wireguard-tools 1.0.20210914 (Debian 12 and 13), with configurations that name a port.
# Surprise: ListenPort goes through getaddrinfo, so a name of /etc/services is a port ("domain" is 53), and a number beyond 65535 is cut to 16 bits
# without a word (70000 is 4464). Spaces within a value are dropped before anything is read, so "8 0" is 80.
# And to look up a number wg connects UDP sockets to the unspecified addresses, which a sandbox without a network sees and may forbid.
# So: whoever checks such a file before wg loads it has to take digits alone, compare the number with what was meant, and refuse everything else.
# Needs root: wg looks for an interface that is not the kernel's in /run/wireguard, and here a script answers there, in a mount namespace of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q wireguard-tools=1.0.20210914-1+b1 >/dev/null 2>&1
dpkg-deb -x wireguard-tools_*.deb root

cat >device.py <<'END'
import os, socket, subprocess
os.makedirs("/run/wireguard", exist_ok=True)
listener = socket.socket(socket.AF_UNIX)
listener.bind("/run/wireguard/there.sock")
listener.listen()
key = subprocess.check_output(["root/usr/bin/wg", "genkey"], text=True).strip()
for port in ["51820", "domain", "70000", "8 0", "0x50"]:
    with open("there.conf", "w") as file:
        file.write(f"[Interface]\nPrivateKey = {key}\nListenPort = {port}\n")
    wg = subprocess.Popen(["root/usr/bin/wg", "setconf", "there", "there.conf"], stderr=subprocess.PIPE, text=True)
    listener.settimeout(0.1)
    asked = "refused"
    while wg.poll() is None:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        # Once it only looks whether anybody is there, and hangs up.
        said = b""
        while not said.endswith(b"\n\n") and (more := client.recv(4096)):
            said += more
        for line in said.decode().splitlines():
            if line.startswith("listen_port="):
                asked = line
        if said:
            client.sendall(b"errno=0\n\n")
        client.close()
    print(f"ListenPort = {port}: {asked}")
END
unshare -m sh -c 'mount -t tmpfs none /run && exec python3 device.py' | tee seen
diff - seen <<'END' || { echo 'CHANGED: no longer as described'; exit 1; }
ListenPort = 51820: listen_port=51820
ListenPort = domain: listen_port=53
ListenPort = 70000: listen_port=4464
ListenPort = 8 0: listen_port=80
ListenPort = 0x50: refused
END
echo 'as described'
