"""Carry the resources of stacks that moto's CloudFormation does not."""
