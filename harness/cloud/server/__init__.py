"""The local AWS behind one port of this machine; see README.md above."""
