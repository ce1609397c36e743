"""A company's DNS server: dns-server.py FILE. It knows www.internal.example.com and writes each question to FILE."""

import asyncio
import sys

from servers import Zone


async def main():
    with open(sys.argv[1], "a", buffering=1, encoding="ascii") as asked:
        types = {1: "A", 28: "AAAA"}

        def seen(name, kind, transport, peer):
            asked.write(f"{name} {types.get(kind, kind)} {transport} from {peer[0]}\n")

        sockets = await Zone("internal.example.com", {"www.internal.example.com": "10.1.0.2"}, seen).listen()
        await asyncio.Event().wait()
        del sockets


asyncio.run(main())
