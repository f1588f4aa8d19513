"""Plugs the emulator into moto: the only part of this room that knows moto.

Private touchpoints of moto, each under test: ``backend_url_patterns``,
``BaseBackend``, ``BackendDict``, ``BaseResponse``, ``mock_random``, the
header ``x-moto-account-id``, the records read in ``ec2_records`` and the
functions replaced in ``patches``.
"""
