"""What the servers of the lab's machines have in common: listening, HTTP, UDP, and DNS over both."""

import asyncio
import socket
import struct

GONE = (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError)  # or it speaks something else


def peer_of(writer):
    return writer.get_extra_info("peername")[:2]


async def listen(port, handler):
    """handler(reader, writer) for each connection, and an end to it. Two sockets, so that no IPv4 peer is ::ffff:..."""

    async def serve(reader, writer):
        try:
            await handler(reader, writer)
        except GONE:
            pass
        finally:
            writer.close()

    for host in ("0.0.0.0", "::"):
        await asyncio.start_server(serve, host, port, backlog=4096, reuse_address=True)


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


class Request:
    """The head of an HTTP request. Names of headers are in small letters; the values of one name are joined as HTTP says."""

    def __init__(self, head):
        self.line, *fields = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        self.path = self.line.split(" ")[1] if self.line.count(" ") == 2 else ""
        self.headers = {}
        for name, _, value in (field.partition(":") for field in fields):
            name, value = name.strip().lower(), value.strip()
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    @property
    def keeps_alive(self):
        connection = self.headers.get("connection", "").lower()
        return connection == "keep-alive" or (self.line.endswith("HTTP/1.1") and connection != "close")


async def requests(reader):
    """Keep-alive and pipelining, because load tests reuse connections."""
    while True:
        request = Request(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(int(request.headers.get("content-length", "0")))
        yield request
        if not request.keeps_alive:
            return


async def reply(writer, request, body, kind="text/plain"):
    writer.write(
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"Connection: {'keep-alive' if request.keeps_alive else 'close'}\r\n\r\n{body}".encode()
    )
    await writer.drain()


def listen_udp(port, answer):
    """Sends what answer(data, peer) returns, from the address that was asked: a wildcard socket may be asked at any."""
    ip_pktinfo = 8  # IP_PKTINFO of linux/in.h, which older Pythons do not name
    return [
        _udp(socket.AF_INET, socket.IPPROTO_IP, ip_pktinfo, ip_pktinfo, port, answer),
        _udp(socket.AF_INET6, socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, socket.IPV6_PKTINFO, port, answer),
    ]


def _udp(family, level, option, info, port, answer):
    server = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.setsockopt(level, option, 1)
    server.bind(("", port))
    server.setblocking(False)

    def ready():
        try:
            data, ancillary, _, peer = server.recvmsg(65536, 128)
            pinned = [(level, info, _unbound(family, value)) for at, kind, value in ancillary if (at, kind) == (level, info)]
            if (datagram := answer(data, peer[:2])) is not None:
                server.sendmsg([datagram], pinned, 0, peer)
        except OSError:
            pass  # a datagram may be lost

    asyncio.get_running_loop().add_reader(server, ready)
    return server


def _unbound(family, value):
    """The same address without the interface index, so that routing chooses the way back."""
    if family == socket.AF_INET:  # index, address to send from, destination of the header
        return bytes(4) + value[4:8] + bytes(4)
    return value[:16] + bytes(4)


class Zone:
    """
    A DNS server for a few names with an IPv4 address each, or for a reverse one with a name. Another name does not exist; another type of a name has no
    records, which is what DNS64 waits for. seen(name, type, transport, peer) hears of each question.
    """

    A, SOA, PTR, IN = 1, 6, 12, 1

    def __init__(self, origin, records, seen=lambda *_: None):
        self.origin, self.records, self.seen = origin, records, seen

    async def listen(self):
        async def tcp(reader, writer):
            while True:
                (size,) = struct.unpack("!H", await reader.readexactly(2))
                if (message := self._answer(await reader.readexactly(size), "tcp", peer_of(writer))) is None:
                    return
                writer.write(struct.pack("!H", len(message)) + message)
                await writer.drain()

        await listen(53, tcp)
        return listen_udp(53, lambda data, peer: self._answer(data, "udp", peer))

    def _answer(self, query, transport, peer):
        try:
            number, flags, questions = struct.unpack_from("!HHH", query)
            if flags & 0x8000 or questions != 1:
                return None
            labels, at = [], 12
            while size := query[at]:
                labels.append(query[at + 1 : at + 1 + size].decode("ascii").lower())
                at += 1 + size
            kind, _ = struct.unpack_from("!HH", query, at + 1)
        except (struct.error, IndexError, UnicodeDecodeError):
            return None
        name = ".".join(labels)
        self.seen(name, kind, transport, peer)
        record = self.records.get(name)
        answers = record is not None and kind == (self.PTR if name.endswith(".arpa") and record[-1].isalpha() else self.A)
        # An answer, authoritative, "recursion available" (a forwarder insists on it); 3 is NXDOMAIN.
        head = struct.pack("!6H", number, 0x8480 | flags & 0x0100 | (0 if record else 3), 1, answers, not answers, 0)
        if not answers:
            return head + query[12 : at + 5] + self._soa()
        data = self._labels(record) if kind == self.PTR else socket.inet_aton(record)
        return head + query[12 : at + 5] + b"\xc0\x0c" + struct.pack("!HHIH", kind, self.IN, 300, len(data)) + data

    @staticmethod
    def _labels(name):
        return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"

    def _soa(self):
        """Says how long a "no" may be remembered."""
        origin = self._labels(self.origin)
        data = b"\x02ns" + origin + b"\x04root" + origin + struct.pack("!5I", 1, 3600, 600, 86400, 60)
        return origin + struct.pack("!HHIH", self.SOA, self.IN, 60, len(data)) + data
