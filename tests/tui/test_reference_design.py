"""The reference design drawn from an empty screen with keys alone, and what it costs in keys."""

from __future__ import annotations

from archtui.tui.screens.choose import ChooseScreen
from archtui.tui.screens.prompt import PromptScreen

from .driving import Driver, flying

BUDGET = 4.0
"""Keys per element (component or connection) at most, names that a person has to think up included."""


class Hands:
    """Types and counts."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.keys = 0

    async def press(self, *keys: str) -> None:
        """Press keys."""
        self.keys += len(keys)
        await self.driver.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        self.keys += len(text)
        await self.driver.type(text)

    async def add(self, code: str, *answers: str) -> str:
        """Add a component by its code; each answer goes to one question (empty: take what is suggested)."""
        before = set(self.driver.main.workspace.blueprint.components)
        await self.press("a")
        await self.driver.until(lambda: isinstance(self.driver.app.screen, ChooseScreen), "the palette")
        await self.type(code)
        await self.press("enter")
        for answer in answers:
            await self.driver.until(
                lambda: isinstance(self.driver.app.screen, ChooseScreen | PromptScreen), "a question"
            )
            await self.type(answer)
            await self.press("enter")
        components = self.driver.main.workspace.blueprint.components
        await self.driver.until(lambda: len(self.driver.main.workspace.blueprint.components) > len(before), code)
        components = self.driver.main.workspace.blueprint.components
        return next(name for name in components if name not in before)

    async def go(self, name: str) -> None:
        """Jump to a component by its two letters, or search it where it is not drawn."""
        main = self.driver.main
        if main.selected == name:
            return
        await self.press("f")
        letters = next((hint for hint, node in main.canvas._hints.items() if node == name), None)
        if letters is None:
            await self.press("escape", "slash")
            await self.type(name)
            await self.press("enter")
        else:
            await self.press(*letters)
        await self.driver.until(lambda: main.selected == name, f"{name} to be selected")

    async def connect(self, source: str, target: str) -> None:
        """Connect two components by letters, or by name where the other is not drawn."""
        main = self.driver.main
        await self.go(source)
        before = main.workspace.blueprint
        await self.press("c")
        letters = next((hint for hint, node in main.canvas._hints.items() if node == target), None)
        if letters is None:
            await self.press("slash")
            await self.type(target)
            await self.press("enter")
        else:
            await self.press(*letters)
        await self.driver.until(lambda: main.workspace.blueprint is not before, f"{source} to {target}")


async def test_a_shop_in_two_zones_is_drawn_with_few_keys() -> None:
    async with flying(None, size=(160, 60)) as driver:
        await driver.until(lambda: isinstance(driver.app.screen, ChooseScreen), "the welcome")
        hands = Hands(driver)
        await hands.press("escape")
        zone = await hands.add("hz", "example.com")
        balancer = await hands.add("al")
        first = await hands.add("ec")
        database = await hands.add("rd")
        for source, target in ((first, database), (balancer, first), ("internet", balancer), (zone, balancer)):
            await hands.connect(source, target)
        await hands.press("V", "A")
        main = driver.main
        await driver.until(lambda: len(main.workspace.blueprint.components) >= 10, "the fixes")
        await hands.press("J")
        await driver.until(lambda: isinstance(driver.app.screen, PromptScreen), "the question for the journey")
        await driver.type("internet http://example.com/ reaches rds")
        await driver.press("enter")
        await driver.until(lambda: "called" in getattr(driver.app.screen, "heading", ""), "the question for a name")
        await driver.press("enter")
        await driver.until(lambda: len(main.workspace.blueprint.journeys) == 1, "the journey")
        await driver.settled()
        assert main.workspace.report is not None
        assert [result.sentence for result in main.workspace.report.journeys if not result.holds] == []
        assert main.workspace.report.summary.error == 0
        blueprint = main.workspace.blueprint
        elements = len(blueprint.components) + len(blueprint.links) + 3
        assert hands.keys / elements <= BUDGET, f"{hands.keys} keys for {elements} elements"
