"""Rules about networks, routes, filters, gateways and peerings."""
