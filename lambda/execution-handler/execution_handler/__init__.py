"""What the execution-handler does to start a wave."""
