"""Reading user pools from ``aws cognito-idp describe-user-pool`` with ``list-user-pool-clients``, and identity pools
from ``aws cognito-identity describe-identity-pool`` with ``get-identity-pool-roles``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtui.formats.describe import (
    Data,
    Described,
    Describes,
    Inventory,
    Record,
    flag,
    given,
    items,
    listed,
    need,
    text,
)
from archtui.model.component import Json
from archtui.services.arns import named, outside


class DescribesUserPool(Describes):
    """A user pool with its app clients."""

    keys = ("UserPool", "UserPools")
    details = ("UserPoolClients",)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        pool = need(data, "Id")
        hooks = data.get("LambdaConfig")
        triggers = [named(arn) for arn in hooks.values() if isinstance(arn, str)] if isinstance(hooks, dict) else []
        rows = (row.data for row in inventory.of("UserPoolClients"))
        clients = [text(row, "ClientId") for row in rows if text(row, "UserPoolId") == pool]
        properties = given(
            label=text(data, "Name"),
            domain=text(data, "Domain"),
            custom_domain=text(data, "CustomDomain"),
            mfa=text(data, "MfaConfiguration") == "ON" or None,
            region=pool.partition("_")[0] if "_" in pool else record.region,
        )
        properties |= {"clients": listed(clients)} if clients else {}
        properties |= {"triggers": listed(dict.fromkeys(triggers))} if triggers else {}
        notes = () if clients else ("its app clients are not in the input; give list-user-pool-clients",)
        weight = int(record.key == "UserPool")
        yield Described(pool, properties, notes=notes, outside=outside(triggers, "function"), weight=weight)


def _roles(inventory: Inventory) -> Mapping[str, Data]:
    return {
        text(record.data, "IdentityPoolId"): record.data
        for record in inventory.of("IdentityPools")
        if isinstance(record.data.get("Roles"), dict)
    }


class DescribesIdentityPool(Describes):
    """An identity pool with the roles it gives; the colon of its id is written as a dash."""

    keys = ("IdentityPools",)
    wholes = (("IdentityPoolId", "IdentityPools"),)

    def describe(self, record: Record, inventory: Inventory) -> Iterator[Described]:
        data = record.data
        if "Roles" in data:
            return
        pool = need(data, "IdentityPoolId")
        roles = inventory.part(_roles).get(pool, {})
        signed = named(text(roles, "Roles.authenticated"))
        guest = named(text(roles, "Roles.unauthenticated"))
        pools = [text(row, "ProviderName").rpartition("/")[2] for row in items(data, "CognitoIdentityProviders")]
        properties: dict[str, Json] = given(
            label=text(data, "IdentityPoolName"),
            authenticated_role=signed,
            unauthenticated_role=guest if flag(data, "AllowUnauthenticatedIdentities", True) else None,
            region=pool.partition(":")[0],
        )
        properties |= {"user_pools": listed(dict.fromkeys(pools))} if pools else {}
        beyond = outside((signed, guest), "IAM role") | outside(pools, "user pool")
        weight = int("AllowUnauthenticatedIdentities" in data)
        yield Described(pool.replace(":", "-"), properties, outside=beyond, weight=weight)
