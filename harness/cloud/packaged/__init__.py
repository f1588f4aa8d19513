"""Run the zips of functions, each in processes of its own."""
