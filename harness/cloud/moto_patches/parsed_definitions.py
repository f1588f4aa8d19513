"""A definition is parsed once, not at every start of an execution.

The parsed form holds no state of an execution (moto evaluates one form in
many threads itself), and parsing costs as much as several states.
"""

from contextlib import AbstractContextManager
from functools import lru_cache

from moto.stepfunctions.parser.asl.parse.asl_parser import (
    AmazonStateLanguageParser,
)

from harness.cloud.moto_patches.replacement import replaced

# Kept from one local cloud to the next: equal texts have equal forms.
_parse = lru_cache(maxsize=16)(AmazonStateLanguageParser.parse)


def patch() -> AbstractContextManager[None]:
    """Let moto remember the definitions that it has parsed."""
    return replaced(AmazonStateLanguageParser, "parse", staticmethod(_parse))
