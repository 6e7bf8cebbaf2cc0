"""Whether client and server fit, as the client judges it."""

from __future__ import annotations

import pytest

from dehusk import Info, Limits, NotServedError, RuleSetInfo
from dehusk._fit import OLDEST_SERVER, checked, own_version


def server(version: str, contract: str = "dehusk.v1") -> Info:
    """Return what a server of a version says of itself."""
    limits = Limits(**dict.fromkeys(Limits.__dataclass_fields__, 1))
    return Info(version, contract, RuleSetInfo("1", "", "", {}, 0, {}), limits, (), ())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (OLDEST_SERVER, OLDEST_SERVER),
        ("0.9", "0.1.0"),
        ("1.4.2", "2.0.0"),
        ("2.30.1rc1+local", "2.0.0"),
        ("unknown", "0.1.0"),
        ("9.0.0", "unknown"),
    ],
)
def test_versions_that_fit(theirs: str, ours: str) -> None:
    """The contract only gains: an older client is served, and so is a newer one that asks nothing new."""
    assert checked(server(theirs), ours).version == theirs


@pytest.mark.parametrize(
    ("info", "ours", "said"),
    [
        (server("0.0.9"), "0.1.0", r"0\.0\.9, this client \(0\.1\.0\) needs 0\.1\.0 or later; update the server"),
        (server("1.0.0"), "0.9.0", r"1\.0\.0, a major version ahead of this client \(0\.9\.0\); update the client"),
        (server("12.1"), "3.1.0", r"12\.1, a major version ahead"),
        (server("0.1.0", "dehusk.v9"), "0.1.0", r"dehusk\.v9.*dehusk\.v1.*update the older"),
    ],
    ids=["too old", "ahead", "far ahead", "another contract"],
)
def test_versions_that_do_not_fit_are_named(info: Info, ours: str, said: str) -> None:
    """Both versions are named, and which side to update."""
    with pytest.raises(NotServedError, match=said) as caught:
        checked(info, ours)

    assert caught.value.code == "UNIMPLEMENTED"


def test_this_client_is_not_ahead_of_what_it_asks_for() -> None:
    """A release is served by the server of the same release."""
    assert checked(server(own_version()), own_version()).version == own_version()
