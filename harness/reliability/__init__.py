"""Executions in bad conditions: crashes, rivals, weather, hostile input."""
