"""The network that a report comes from, as a keyed hash: enough to tell two networks apart, and no address."""

import ipaddress

from lift.kernel.ids import keyed_hash

WIDTHS = {4: 24, 6: 48}
"""Bits that make a network: an office, a campus or a household rarely reaches beyond it."""


def network_of(address: str | None) -> str | None:
    """``203.0.113.0/24`` or ``2001:db8:1::/48``; None without an address."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, WIDTHS[found.version]), strict=False))


def network_hash(key: str, address: str | None) -> bytes | None:
    """HMAC of the network. ``key`` must outlive every rotation of the secret key, or one network looks like two."""
    network = network_of(address)
    return None if network is None else keyed_hash(key, "report-network", network)
