"""Functions are given code that Lambda takes.

moto takes any bytes for a package, and none at all for an object that S3 does
not have: the function would exist, and fail only once somebody invokes it.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.awslambda import models
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction
from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends

from harness.cloud.moto_patches.own_functions import OWN_PACKAGE
from harness.cloud.moto_patches.replacement import replaced

_set = LambdaFunction._set_function_code
_NO_ZIP = (
    "Could not unzip uploaded file. Please check your file, then try to "
    "upload again."
)
_NO_FILES = "Uploaded file must be a non-empty zip"
_NOT_GOT = (
    "Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: "
    "The specified {} does not exist."
)


@contextmanager
def patch() -> Iterator[None]:
    """Refuse other code when a function is made or changed."""
    with replaced(LambdaFunction, "_set_function_code", _set_checked):
        yield


def _set_checked(function: LambdaFunction, updated_spec: Any) -> None:
    # Before moto changes the function.
    if "ZipFile" in updated_spec:
        _check(models._zipfile_content(updated_spec["ZipFile"])[0])
    elif "S3Bucket" in updated_spec and "S3Key" in updated_spec:
        _check(_uploaded(function, updated_spec))
    _set(function, updated_spec)


def _uploaded(function: LambdaFunction, spec: Any) -> bytes:
    s3 = s3_backends[function.account_id][function.partition]
    try:
        found = s3.get_object(spec["S3Bucket"], spec["S3Key"])
    except MissingBucket as error:
        message = _NOT_GOT.format("NoSuchBucket", "bucket")
        raise InvalidParameterValueException(message) from error
    if found is None:
        message = _NOT_GOT.format("NoSuchKey", "key")
        raise InvalidParameterValueException(message)
    return bytes(found.value)


def _check(content: bytes) -> None:
    if content == OWN_PACKAGE:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            is_damaged = archive.testzip() is not None
            has_files = bool(archive.namelist())
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise InvalidParameterValueException(_NO_ZIP) from error
    if is_damaged:
        raise InvalidParameterValueException(_NO_ZIP)
    if not has_files:
        raise InvalidParameterValueException(_NO_FILES)
