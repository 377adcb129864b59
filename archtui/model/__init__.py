"""The document: blueprint, components, links, journeys, edits. Knows nothing about AWS."""
