"""
keep-tunnel.py INTERFACE FOLDER: until the first handshake, knocks every second at each peer that a file in FOLDER describes.
WireGuard by itself knocks every five seconds, which a test would wait for each time a gateway has just learned of this VM.
One process that speaks to wireguard-go as "wg" does: starting "wg" each second costs more than all else that a lab at rest does.
"""

import base64
import fcntl
import pathlib
import socket
import sys
import time

INTERFACE, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def tell(text):
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(f"/var/run/wireguard/{INTERFACE}.sock")
        wire.sendall(text.encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n\n") and (part := wire.recv(65536)):
            answer += part
    return answer.decode()


def strangers():
    """The keys, in hexadecimal, of peers that have never shaken hands."""
    key, found = None, set()
    for line in tell("get=1\n").splitlines():
        name, _, value = line.partition("=")
        if name == "public_key":
            key = value
        elif name == "last_handshake_time_sec" and value == "0":
            found.add(key)
    return found


def knock(key, words):
    """Taken away and given again, a peer with a keepalive is knocked at once. The words are as "wg set" takes them."""
    said = dict(zip(words[::2], words[1::2]))
    tell(
        f"set=1\npublic_key={key}\nremove=true\npublic_key={key}\nendpoint={said['endpoint']}\n"
        f"persistent_keepalive_interval={said['persistent-keepalive']}\nreplace_allowed_ips=true\nallowed_ip={said['allowed-ips']}\n"
    )


while True:
    time.sleep(1)
    if not any(FOLDER.glob("[!.]*")):
        continue
    with open(FOLDER / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unknown = strangers()
        for file in FOLDER.glob("[!.]*"):
            name, *words = file.read_text().split() or [""]
            key = base64.b64decode(name).hex()
            if key in unknown:
                knock(key, words)
