"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TRUTH = ROOT.parent / "shared" / "truth"


@pytest.fixture(autouse=True)
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests away from the journal and the settings of whoever runs them."""
    monkeypatch.setenv("ARCHTUI_STATE", str(tmp_path_factory.mktemp("state")))
    monkeypatch.delenv("ARCHTUI_PLAIN", raising=False)


@pytest.fixture(scope="session")
def truth() -> Path:
    """The folder of measured answers; without it the test is skipped."""
    if not TRUTH.is_dir():
        pytest.skip("needs ../shared/truth, the measured answers, which is not here")
    return TRUTH
