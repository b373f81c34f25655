"""Python reads this before az starts: every connection that would leave this machine is refused, and noted."""
import os
import sys

HERE = (None, "", "localhost", "127.0.0.1", "::1")
ADDRESS_AT = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}


def refuse(event, args):
    if event not in ADDRESS_AT:
        return
    address = args[ADDRESS_AT[event]]
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    # A path is a socket in the file system: it leads nowhere else.
    if host in HERE or host.startswith("/"):
        return
    with open(os.environ["REFUSED_CONNECTIONS"], "a", encoding="utf-8") as log:
        log.write(f"{event} {host}\n")
    raise OSError(f"nothing leaves this machine: {host}")


sys.addaudithook(refuse)
