"""Build the zips of the Lambdas; needs pip and the standard library only."""
