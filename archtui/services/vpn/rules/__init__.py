"""Rules about VPN connections."""
