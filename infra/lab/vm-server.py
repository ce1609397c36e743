"""
What a VM of the lab serves. HTTP on 8080: its own name and whom it saw, on .../headers the request as JSON, on .../ws a WebSocket
that echoes. TCP echo on 7000, the same behind a PROXY protocol header on 7001, UDP echo on 5353.
"""

import asyncio
import base64
import hashlib
import ipaddress
import json
import struct
import sys

from servers import echo, listen, listen_udp, peer_of, reply, requests

NAME = sys.argv[1]


async def http(reader, writer):
    async for request in requests(reader):
        path = request.path.partition("?")[0]
        if path.endswith("/ws") and request.headers.get("upgrade", "").lower() == "websocket":
            await websocket(reader, writer, request)
            return
        if path.endswith("/headers"):
            told = {"name": NAME, "peer": peer_of(writer)[0], "line": request.line, "headers": request.headers}
            await reply(writer, request, json.dumps(told) + "\n", "application/json")
        else:
            await reply(writer, request, f"{NAME} saw {peer_of(writer)[0]}\n")


async def websocket(reader, writer, request):
    """RFC 6455: frames come masked and go back unmasked. A ping is answered with a pong, a close with a close."""
    accept = hashlib.sha1((request.headers.get("sec-websocket-key", "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(accept.digest()) + b"\r\n\r\n"
    )
    close, ping, pong = 8, 9, 10
    kind = None
    while kind != close:
        first, second = await reader.readexactly(2)
        kind, size = first & 15, second & 127
        if size > 125:
            (size,) = struct.unpack("!H" if size == 126 else "!Q", await reader.readexactly(2 if size == 126 else 8))
        mask = await reader.readexactly(4 if second & 128 else 0) or bytes(4)
        data = bytes(byte ^ mask[i & 3] for i, byte in enumerate(await reader.readexactly(size)))
        if kind == pong:
            continue
        head = bytes([first & 0xF0 | (pong if kind == ping else kind)])
        head += bytes([size]) if size < 126 else struct.pack("!BH", 126, size) if size < 65536 else struct.pack("!BQ", 127, size)
        writer.write(head + data)
        await writer.drain()


async def behind_proxy(reader, writer):
    writer.write(f"{NAME}: {await proxy_header(reader)}\n".encode())
    await echo(reader, writer)


async def proxy_header(reader):
    """What a PROXY protocol header says, version 1 (a line) or 2 (binary)."""
    start = await reader.readexactly(6)
    if start == b"PROXY ":
        family, *rest = (await reader.readuntil(b"\r\n")).decode("ascii").split()
        return f"PROXY v1 {family}{said(*rest) if rest else ''}"
    if start + await reader.readexactly(6) != b"\r\n\r\n\0\r\nQUIT\n":
        raise ValueError("no PROXY protocol header")
    command, family, size = struct.unpack("!BBH", await reader.readexactly(4))
    data = await reader.readexactly(size)
    if command & 15 == 0:
        return "PROXY v2 LOCAL"  # a health check of the proxy itself
    length = {1: 4, 2: 16}[family >> 4]
    source, target = (ipaddress.ip_address(data[i : i + length]) for i in (0, length))
    ports = struct.unpack_from("!HH", data, 2 * length)
    return f"PROXY v2 {'TCP' if family & 15 == 1 else 'UDP'}{source.version}{said(source, target, *ports)}"


def said(source, target, source_port, target_port):
    return f" from {source} port {source_port} to {target} port {target_port}"


async def main():
    await listen(8080, http)
    await listen(7000, echo)
    await listen(7001, behind_proxy)
    sockets = listen_udp(5353, lambda data, _: data)
    await asyncio.Event().wait()
    del sockets


asyncio.run(main())
