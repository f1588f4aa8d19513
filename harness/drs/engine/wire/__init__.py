"""What goes over the wire, read from botocore's public service model."""
