"""The packet engine: which packets get where, which replies come back, and why not.

``engine`` is what others call: ``trace_packet`` and ``decide`` for a ``flow.Flow``, and lookups. A world is
compiled once into the immutable tables of ``model`` (``builder``, from what each kind's ``interface.NetworkPart``
contributes; ``layout`` gives out addresses). ``walk`` takes a packet through them, with ``filters`` and
``routes`` deciding, and ``gateways``, ``transit`` and ``balancers`` carrying it on; ``record`` explains each
decision. Knows no service and no kind.
"""
