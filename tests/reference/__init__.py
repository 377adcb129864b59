"""A second reading of AWS's documentation: slow, plain, and written apart from the packet engine.

It takes the blueprint as written (every address stated) and carries single packets, one at a time, through what the
VPC, Transit Gateway and Network Load Balancer guides say. Where AWS may choose (a client's or NAT gateway's source
port, a balancer's target) it tries every choice that could matter: all get an answer - reachable; none - blocked;
some - unknown. It imports nothing of the engine.

The subset: VPCs with secondary blocks in several regions, subnets, route tables (local, static, propagated,
blackholes, prefix lists, more specific than local), security groups (blocks, references over peerings and transit
gateways, prefix lists), network ACLs, internet gateways with 1:1 NAT, public and private NAT gateways, NAT instances
and the source/destination check, several interfaces on a machine, stopped instances, peerings, transit gateways
(association, propagation, static and blackhole rows, zones of attachments, peering), Network Load Balancers (client
address kept or not, cross-zone, security groups, hairpin). IPv4 alone.
"""
