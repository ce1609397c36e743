"""What a VM of the lab serves: HTTP on 8080 (its own name and who it saw), TCP echo on 7000, UDP echo on 5353."""

import asyncio
import socket
import sys

NAME = sys.argv[1]


def address_of(writer):
    return writer.get_extra_info("peername")[0]


async def http(reader, writer):
    """Keep-alive and pipelining, because load tests reuse connections."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            version = head[0].rpartition(" ")[2]
            headers = dict(line.split(":", 1) for line in head[1:] if ":" in line)
            await reader.readexactly(int(headers.get("content-length", "0")))
            connection = headers.get("connection", "").strip()
            keep = connection == "keep-alive" or (version == "http/1.1" and connection != "close")
            body = f"{NAME} saw {address_of(writer)}\n"
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
                f"Connection: {'keep-alive' if keep else 'close'}\r\n\r\n{body}".encode()
            )
            await writer.drain()
            if not keep:
                break
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
        pass  # the client went away, or it does not speak HTTP
    finally:
        writer.close()


async def tcp_echo(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def udp_echo(family, level, option, info):
    """A wildcard socket answers from any address of the VM; the packet information says which one was asked."""
    server = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.setsockopt(level, option, 1)
    server.bind(("", 5353))
    server.setblocking(False)

    def answer():
        try:
            data, ancillary, _, peer = server.recvmsg(65536, 128)
            pinned = [(level, info, unbound(family, value)) for at, kind, value in ancillary if (at, kind) == (level, info)]
            server.sendmsg([data], pinned, 0, peer)
        except OSError:
            pass  # a datagram may be lost

    asyncio.get_running_loop().add_reader(server, answer)
    return server


def unbound(family, value):
    """The same address without the interface index, so that routing chooses the way back."""
    if family == socket.AF_INET:  # index, address to send from, destination of the header
        return bytes(4) + value[4:8] + bytes(4)
    return value[:16] + bytes(4)


async def main():
    ip_pktinfo = 8  # IP_PKTINFO of linux/in.h, which older Pythons do not name
    sockets = [
        udp_echo(socket.AF_INET, socket.IPPROTO_IP, ip_pktinfo, ip_pktinfo),
        udp_echo(socket.AF_INET6, socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, socket.IPV6_PKTINFO),
    ]
    for handler, port in ((http, 8080), (tcp_echo, 7000)):
        for host in ("0.0.0.0", "::"):  # two sockets, so that IPv4 peers are not shown as ::ffff:...
            await asyncio.start_server(handler, host, port, backlog=4096, reuse_address=True)
    await asyncio.Event().wait()
    del sockets


asyncio.run(main())
