"""For all tests: no property test fails because the machine was busy; time is measured by benchmarks alone."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
