"""What services connect to: the same as an Auto Scaling group."""

from __future__ import annotations

from collections.abc import Mapping

from archtui.model.connect import Way
from archtui.services.ec2.connect import SCALING_GROUP

SERVICE: Mapping[str, Way] = SCALING_GROUP
