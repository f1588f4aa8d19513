"""What every Lambda shares; bundled into each of their packages."""
