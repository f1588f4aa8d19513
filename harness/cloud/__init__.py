"""One local AWS in this process; see README.md."""
