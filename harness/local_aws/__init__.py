"""The local AWS as a server: `drs-orch up`, `down`, `status`, `advance`."""
