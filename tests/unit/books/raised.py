"""An error by its catalogue id: what people read may change, what went wrong may not."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from addin.i18n import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.errors import DanggolError


@contextmanager
def raises(kind: type[DanggolError], id: str) -> Iterator[pytest.ExceptionInfo[DanggolError]]:
    """The error of this kind and id, said in both languages without a gap."""
    with pytest.raises(kind) as caught:
        yield caught
    assert caught.value.message.id == id
    assert known(id, "ko")
    assert known(id, "en")
    assert "{" not in str(caught.value)
