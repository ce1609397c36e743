"""
What the host on the internet serves: HTTP on 8080, TCP and UDP on 9000, which all say whom they saw with the source port,
and DNS on 53, where far.example.com has an IPv4 address only, and which knows names of a network of its own.
"""

import asyncio
import sys

from servers import Zone, listen, listen_udp, peer_of, reply, requests

NAME = sys.argv[1]


def saw(peer):
    address, port = peer
    return f"{NAME} saw {f'[{address}]' if ':' in address else address}:{port}\n"


async def http(reader, writer):
    async for request in requests(reader):
        await reply(writer, request, saw(peer_of(writer)))


async def tcp(reader, writer):
    """At once, and again for each line, so that a connection can be kept."""
    writer.write(saw(peer_of(writer)).encode())
    while await reader.readline():
        writer.write(saw(peer_of(writer)).encode())
        await writer.drain()


async def main():
    await listen(8080, http)
    await listen(9000, tcp)
    sockets = listen_udp(9000, lambda _, peer: saw(peer).encode())
    address = "198.51.100.200"
    names = {"far.example.com": address, "printer.home.arpa": address}
    reverse = {"200.100.51.198.in-addr.arpa": "far.example.com", "2.0.1.10.in-addr.arpa": "vm1.example.com"}
    sockets += await Zone("example.com", names | reverse).listen()
    await asyncio.Event().wait()
    del sockets


asyncio.run(main())
