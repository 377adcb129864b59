"""What the attributes and listeners of balancers say beyond the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archtui.model.component import Json
from tests.formats.aws import test_import
from tests.formats.aws.account import ELB, GROUP, LB, account, import_document

HEALTH = "target_group_health"


class TestBalancerSettings:
    """What attributes and listeners say beyond the defaults."""

    def lists(self) -> dict[str, list[Json]]:
        lists = test_import.TestBalancers().lists()
        listener = lists["Listeners"][0]
        assert isinstance(listener, dict)
        listener["MutualAuthentication"] = {
            "Mode": "verify",
            "TrustStoreArn": f"{ELB}:truststore/corp/0123456789abcdef",
            "IgnoreClientCertificateExpiry": True,
        }
        listener["DefaultActions"] = [
            {
                "Type": "authenticate-oidc",
                "Order": 1,
                "AuthenticateOidcConfig": {
                    "Issuer": "https://idp.example.net",
                    "AuthorizationEndpoint": "https://idp.example.net/a",
                    "TokenEndpoint": "https://idp.example.net/t",
                    "UserInfoEndpoint": "https://idp.example.net/u",
                    "ClientId": "web",
                    "SessionTimeout": 3600,
                    "OnUnauthenticatedRequest": "deny",
                },
            },
            {
                "Type": "forward",
                "Order": 2,
                "ForwardConfig": {
                    "TargetGroups": [{"TargetGroupArn": GROUP, "Weight": 1}],
                    "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 600},
                },
            },
        ]
        lists["LoadBalancerAttributes"] = [
            {
                "LoadBalancerArn": LB,
                "Attributes": [
                    {"Key": "routing.http.desync_mitigation_mode", "Value": "strictest"},
                    {"Key": "routing.http.xff_header_processing.mode", "Value": "remove"},
                    {"Key": "routing.http2.enabled", "Value": "false"},
                    {"Key": "waf.fail_open.enabled", "Value": "true"},
                ],
            }
        ]
        lists["TargetGroupAttributes"] = [
            {
                "TargetGroupArn": GROUP,
                "Attributes": [
                    {"Key": "stickiness.enabled", "Value": "true"},
                    {"Key": "stickiness.type", "Value": "app_cookie"},
                    {"Key": "stickiness.app_cookie.cookie_name", "Value": "sid"},
                    {"Key": "stickiness.app_cookie.duration_seconds", "Value": "600"},
                    {"Key": "target_group_health.dns_failover.minimum_healthy_targets.count", "Value": "2"},
                    {
                        "Key": "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
                        "Value": "50",
                    },
                    {"Key": "slow_start.duration_seconds", "Value": "0"},
                ],
            }
        ]
        return lists

    def imported(self, tmp_path: Path) -> Mapping[str, Any]:
        _, blueprint = import_document(tmp_path, {**account(), **self.lists()})
        return {name: component.raw for name, component in blueprint.components.items()}

    def test_attributes_of_the_balancer(self, tmp_path: Path) -> None:
        balancer = self.imported(tmp_path)[test_import.TestBalancers.BALANCER]
        shown = {key: balancer[key] for key in ("desync", "forwarded_for", "http2", "waf_fail_open")}
        assert shown == {"desync": "strictest", "forwarded_for": "remove", "http2": False, "waf_fail_open": True}

    def test_a_listener_that_signs_in_and_asks_for_certificates(self, tmp_path: Path) -> None:
        listener = self.imported(tmp_path)[test_import.TestBalancers.BALANCER]["listeners"][0]
        assert listener["mutual_tls"] == {"trust": ["corp-0123456789abcdef"], "ignore_expired": True}
        assert listener["group_stickiness"] == 600
        asked = listener["authenticate_oidc"]
        assert (asked["on_unauthenticated"], asked["session_timeout"]) == ("deny", 3600)
        assert asked["token_endpoint"] == "https://idp.example.net/t"

    def test_attributes_of_a_target_group(self, tmp_path: Path) -> None:
        group = self.imported(tmp_path)[test_import.TestBalancers.TARGETS]
        assert (group["stickiness_type"], group["stickiness_cookie"]) == ("app_cookie", "sid")
        assert group["stickiness_duration"] == 600
        assert (group["dns_failover"], group["routing_failover"]) == ({"count": 2}, {"percentage": "50%"})
