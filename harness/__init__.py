"""The local cloud, the DRS emulator and the proofs; development only."""
