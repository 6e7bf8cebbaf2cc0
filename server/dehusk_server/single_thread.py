"""Linear algebra on one thread, for as long as a page is decided.

The matrices of a page are small. Spread over all cores they take longer, and a library that waits busily for its other
threads slows every other worker on the machine. The limit belongs to the process, so it is set by the first who enters
and lifted by the last who leaves.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Final

from threadpoolctl import OpenBLASController, ThreadpoolController


class SingleThread:
    """A context in which the process's linear algebra runs on one thread; may be entered by many threads at once."""

    def __init__(self) -> None:
        self._blas = ThreadpoolController().select(user_api="blas")
        self._lock = threading.Lock()
        self._inside = 0
        self._limits: list[Any] = []

    def __enter__(self) -> None:
        """Limit, if nobody has yet."""
        with self._lock:
            # Where there is one thread anyway, to ask is all that it costs.
            if not self._inside and any(library.num_threads != 1 for library in self._blas.lib_controllers):
                _let_any_thread_set_limits()
                self._limits.append(self._blas.limit(limits=1))
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lift the limit, if nobody else is inside."""
        with self._lock:
            self._inside -= 1
            if not self._inside and self._limits:
                _let_any_thread_set_limits()
                self._limits.pop().restore_original_limits()


def _let_any_thread_set_limits() -> None:
    """Give OpenBLAS free: threadpoolctl heeds only the thread that first set a limit, which need not be this one."""
    OpenBLASController.clear_controlling_thread(force=True)


SINGLE_THREAD: Final = SingleThread()
"""The one of this process."""
