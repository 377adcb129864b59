"""How many pods fit on a node, and which sizes can give pods security groups.

Sources: EKS User Guide, "Choose an optimal Amazon EC2 node instance type" and the list ``eni-max-pods`` of the
Amazon EKS AMI: (interfaces x (addresses of one - 1)) + 2, where two are pods on the host's network; EC2 User Guide,
"Maximum IP addresses per network interface"; EKS User Guide, "Assign more IP addresses to Amazon EKS nodes with
prefixes": 110 pods for sizes of fewer than 30 processors, 250 above; "Assign security groups to individual Pods":
most Nitro-based sizes, none of the t family.
"""

from __future__ import annotations

from collections.abc import Mapping

HOST_NETWORK_PODS = 2
"""Pods of every node on its own address: the VPC CNI's and kube-proxy's."""
FEW_PODS, MANY_PODS = 110, 250
_BURSTABLE: Mapping[str, tuple[int, int]] = {
    "nano": (2, 2),
    "micro": (2, 2),
    "small": (3, 4),
    "medium": (3, 6),
    "large": (3, 12),
    "xlarge": (4, 15),
    "2xlarge": (4, 15),
}
"""Interfaces, and addresses of one interface, by size of the families t3, t3a and t4g."""
_FIXED: Mapping[str, tuple[int, int]] = {
    "medium": (2, 4),
    "large": (3, 10),
    "xlarge": (4, 15),
    "2xlarge": (4, 15),
    "4xlarge": (8, 30),
    "8xlarge": (8, 30),
    "9xlarge": (8, 30),
    "12xlarge": (8, 30),
    "16xlarge": (15, 50),
    "18xlarge": (15, 50),
    "24xlarge": (15, 50),
    "32xlarge": (15, 50),
    "metal": (15, 50),
}
"""The same of the m, c and r families (generations 5 to 7)."""
_LARGE = ("8xlarge", "9xlarge", "12xlarge", "16xlarge", "18xlarge", "24xlarge", "32xlarge", "48xlarge", "metal")


def max_pods(instance_type: str, *, prefixes: bool = False) -> int | None:
    """Return the most pods on a node of a size; None: the size is not known here."""
    family, _, size = instance_type.partition(".")
    if prefixes:
        return MANY_PODS if size.startswith(_LARGE) else FEW_PODS
    table = _BURSTABLE if family in ("t3", "t3a", "t4g") else _FIXED if _is_fixed(family) else {}
    found = table.get(size)
    return found[0] * (found[1] - 1) + HOST_NETWORK_PODS if found else None


def _is_fixed(family: str) -> bool:
    return family[:1] in ("m", "c", "r") and family[1:2] in ("5", "6", "7")


def gives_pods_groups(instance_type: str) -> bool | None:
    """Whether pods on a node of a size can have security groups of their own; None: not known here."""
    family = instance_type.partition(".")[0]
    if family.startswith("t"):
        return False
    return True if _is_fixed(family) else None


__all__ = ["HOST_NETWORK_PODS", "gives_pods_groups", "max_pods"]
