"""Recoveries that need every permission, and what they ask of each role.

The roles are those of the templates. `scenes` are the recoveries,
`recording` keeps what they ask for, `unused.json` says which permissions
none of them needs, and why a role has them nevertheless. Run as a module
it prints a report.
"""
