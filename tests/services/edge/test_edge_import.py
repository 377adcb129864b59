"""Reading distributions, accelerators and records from what the AWS command line says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archtui.formats.aws.importer import import_aws
from archtui.services import registry

BEHAVIOR = {"TargetOriginId": "app", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "mine"}
CONFIG: dict[str, Any] = {
    "CallerReference": "one",
    "Aliases": {"Quantity": 1, "Items": ["www.example.com"]},
    "Origins": {
        "Items": [
            {"Id": "app", "DomainName": "internal-lb.eu-west-1.elb.amazonaws.com"}
            | {"VpcOriginConfig": {"VpcOriginId": "vo_1", "OriginReadTimeout": 20}}
            | {"CustomHeaders": {"Items": [{"HeaderName": "X-Secret", "HeaderValue": "s"}]}},
            {"Id": "web", "DomainName": "origin.example.net"}
            | {"CustomOriginConfig": {"HTTPPort": 8080, "HTTPSPort": 8443, "OriginProtocolPolicy": "http-only"}}
            | {"OriginShield": {"Enabled": True, "OriginShieldRegion": "eu-west-1"}},
        ]
    },
    "DefaultCacheBehavior": BEHAVIOR,
    "CacheBehaviors": {
        "Items": [
            {**BEHAVIOR, "PathPattern": "/old/*", "CachePolicyId": "", "DefaultTTL": 60, "MinTTL": 0}
            | {"ForwardedValues": {"QueryString": True, "Headers": {"Items": ["Host"]}, "Cookies": {"Forward": "all"}}},
            {**BEHAVIOR, "PathPattern": "/api/*", "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}
            | {"OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3"}
            | {
                "LambdaFunctionAssociations": {
                    "Items": [
                        {"EventType": "origin-request"}
                        | {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:111111111111:function:router:3"}
                    ]
                }
            },
            {**BEHAVIOR, "PathPattern": "/x/*", "CachePolicyId": "elsewhere"},
        ]
    },
    "PriceClass": "PriceClass_100",
    "HttpVersion": "http2and3",
    "WebACLId": "arn:aws:wafv2:us-east-1:111111111111:global/webacl/edge/1",
    "Enabled": True,
}
INSTANCE = "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"
POLICY = {
    "Id": "mine",
    "CachePolicyConfig": {
        "MinTTL": 5,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": {"Items": ["page"]}},
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "all"},
        },
    },
}


def read(folder: Path, **documents: Any) -> dict[str, Any]:
    """Return the components that are read from documents, and what was not used under ``""``."""
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    result = import_aws(folder, registry())
    components: Any = result.data["components"]
    return {**components, "": [item.why for item in result.unsupported]}


def test_a_distribution(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        distribution={"Distribution": {"Id": "E1", "DistributionConfig": CONFIG}},
        policy={"CachePolicy": POLICY},
        inside={"VpcOrigin": {"Id": "vo_1", "VpcOriginEndpointConfig": {"Arn": INSTANCE}}},
        acl={"WebACL": {"Name": "edge", "ARN": CONFIG["WebACLId"], "DefaultAction": {"Allow": {}}}},
        machines={"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]},
    )
    cdn = found["E1"]
    app, web = cdn["origins"]
    assert (app["to"], app["vpc_origin"], app["response_timeout"]) == ("i-1", True, 20)
    assert app["headers"] == {"X-Secret": "s"}
    assert (web["http_port"], web["https_port"], web["shield"]) == (8080, 8443, "eu-west-1")
    assert cdn["default"]["cache"] == {"min_ttl": 5, "cookies": "all", "query": ["page"]}
    old, api, other = cdn["behaviors"]
    assert old["cache"] == {"min_ttl": 0, "default_ttl": 60, "headers": ["Host"], "cookies": "all", "query": "all"}
    assert (api["cache"], api["origin_request"]["cookies"]) == ({"enabled": False}, "all")
    assert api["functions"] == [{"event": "origin-request", "function": "router"}]
    assert "cache" not in other
    assert any("cache policy elsewhere is not in the input" in why for why in found[""])
    assert (cdn["price_class"], cdn["http_version"]) == ("100", "http2and3")
    assert found["edge"]["protects"] == ["E1"]


def test_the_configuration_of_a_distribution_alone(tmp_path: Path) -> None:
    found = read(tmp_path, config={"ETag": "X", "DistributionConfig": {**CONFIG, "WebACLId": ""}})
    assert found["www.example.com"]["kind"] == "cloudfront_distribution"


def test_an_accelerator(tmp_path: Path) -> None:
    arn = "arn:aws:globalaccelerator::111111111111:accelerator/abcd-1"
    listener = f"{arn}/listener/l1"
    endpoint = {"EndpointId": "eipalloc-1", "Weight": 64, "ClientIPPreservationEnabled": False}
    found = read(
        tmp_path,
        accelerators={
            "Accelerators": [
                {"AcceleratorArn": arn, "Name": "front", "IpAddressType": "DUAL_STACK", "Enabled": True}
                | {"IpSets": [{"IpAddresses": ["75.2.0.1", "99.83.128.1"]}, {"IpAddresses": ["2600:9000::1"]}]}
            ]
        },
        listeners={
            "Listeners": [
                {"ListenerArn": listener, "Protocol": "TCP", "ClientAffinity": "SOURCE_IP"}
                | {"PortRanges": [{"FromPort": 443, "ToPort": 443}]}
            ]
        },
        groups={
            "EndpointGroups": [
                {"EndpointGroupArn": f"{listener}/endpoint-group/g1", "EndpointGroupRegion": "eu-west-1"}
                | {"TrafficDialPercentage": 50.0, "EndpointDescriptions": [endpoint], "ThresholdCount": 2}
                | {"PortOverrides": [{"ListenerPort": 443, "EndpointPort": 8443}]}
            ]
        },
        addresses={"Addresses": [{"AllocationId": "eipalloc-1", "PublicIp": "198.51.100.9"}]},
    )
    front = found["abcd-1"]
    assert (front["label"], front["ip_address_type"]) == ("front", "dualstack")
    (listens,) = front["listeners"]
    assert (listens["ports"], listens["affinity"]) == ("443", "source_ip")
    (group,) = listens["groups"]
    assert (group["region"], group["dial"], group["threshold"]) == ("eu-west-1", 50, 2)
    assert group["endpoints"] == [{"to": "eipalloc-1", "weight": 64, "preserve_client_ip": False}]
    assert group["port_overrides"] == [{"listener": 443, "endpoint": 8443}]


def test_records_by_place_and_block(tmp_path: Path) -> None:
    def record(name: str, **more: Any) -> dict[str, Any]:
        values = {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        return {"Name": "www.example.com.", "Type": "A", "SetIdentifier": name, **values, **more}

    found = read(
        tmp_path,
        zone={"HostedZone": {"Id": "/hostedzone/Z1", "Name": "example.com.", "Config": {"PrivateZone": False}}}
        | {"DelegationSet": {"NameServers": ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"]}},
        records={
            "ResourceRecordSets": [
                record("eu", GeoLocation={"ContinentCode": "EU"}),
                record("ca", GeoLocation={"CountryCode": "US", "SubdivisionCode": "CA"}),
                record("near", GeoProximityLocation={"AWSRegion": "eu-west-1", "Bias": 10}),
                record("there", GeoProximityLocation={"Coordinates": {"Latitude": "47.0", "Longitude": "8.5"}}),
                record("office", CidrRoutingConfig={"CollectionId": "c1", "LocationName": "office"}),
                record("rest", CidrRoutingConfig={"CollectionId": "c1", "LocationName": "*"}),
            ]
        },
        blocks={"CidrBlocks": [{"CollectionId": "c1", "LocationName": "office", "CidrBlock": "203.0.113.0/24"}]},
    )
    assert found["Z1"]["name_servers"] == ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"]
    read_back = {body["set_id"]: body for name, body in found.items() if name and body["kind"] == "record"}
    assert read_back["eu"]["continent"] == "EU"
    assert (read_back["ca"]["country"], read_back["ca"]["subdivision"]) == ("US", "CA")
    assert (read_back["near"]["region"], read_back["near"]["bias"]) == ("eu-west-1", 10)
    assert (read_back["there"]["latitude"], read_back["there"]["longitude"]) == (47.0, 8.5)
    assert (read_back["office"]["cidrs"], read_back["rest"]["cidrs"]) == (["203.0.113.0/24"], ["*"])
