"""The packet engine: addresses, routes, NACLs, security groups, NAT, gateways."""
