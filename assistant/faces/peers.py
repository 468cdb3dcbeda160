"""Who is at the other end of a connection: this machine, or one that is listed."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address. A name other than localhost counts as open."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Networks:
    """Addresses and networks, such as ``10.0.0.7`` and ``10.1.0.0/16``. Raises ValueError for anything else."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        self._networks = [ipaddress.ip_network(network, strict=False) for network in listed]

    def __contains__(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
