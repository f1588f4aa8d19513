"""What the two orchestrations cost in time, processor, memory and money."""
