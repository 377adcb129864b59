"""Parts of the example blueprints of the rules: a network to place things in."""

PUBLIC_NETWORK = """\
components:
  vpc: {kind: vpc, cidr: 10.0.0.0/16}
  igw: {kind: internet_gateway, vpc: vpc}
  public: {kind: route_table, vpc: vpc, routes: [{to: 0.0.0.0/0, via: igw}]}
  public-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.0.0/24, route_table: public}
  public-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.1.0/24, route_table: public}
"""
"""Two public subnets."""

NETWORK = (
    PUBLIC_NETWORK
    + """\
  inside: {kind: route_table, vpc: vpc}
  app-a: {kind: subnet, vpc: vpc, az: a, cidr: 10.0.10.0/24, route_table: inside}
  app-b: {kind: subnet, vpc: vpc, az: b, cidr: 10.0.11.0/24, route_table: inside}
"""
)
"""Two public subnets and two without a way out."""
