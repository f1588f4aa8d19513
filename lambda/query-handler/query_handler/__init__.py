"""What the query-handler does to follow a wave."""
