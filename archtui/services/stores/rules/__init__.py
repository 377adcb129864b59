"""Rules about file systems, brokers, warehouses and search domains."""
