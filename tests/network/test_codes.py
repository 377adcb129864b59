"""Every code the engine may give is listed, and every listed one is given."""

from __future__ import annotations

import re
from pathlib import Path

import archtui.network
import archtui.services
from archtui.network.codes import OWN_CODES, RAISED

_CODE = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]+_STATE)"')
_NO_CODE = {"TCP_UDP"}


def test_the_list_of_codes_is_the_codes_in_the_source() -> None:
    folders = [Path(path) for path in archtui.network.__path__] + [Path(path) for path in archtui.services.__path__]
    sources = [path for path in folders[0].glob("*.py") if path.name != "codes.py"]
    sources += sorted(folders[1].glob("*/network*.py"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    found = {code for code in _CODE.findall(text) if code not in _NO_CODE}
    for rfc in ("RFC1918", "RFC6598"):
        found |= {f"IGW_DESTINATION_ADDRESS_NOT_IN_{rfc}_EGRESS", f"IGW_SOURCE_ADDRESS_NOT_IN_{rfc}_INGRESS"}
    found -= {"RFC1918", "RFC6598"}
    assert found == {*OWN_CODES, *RAISED}
