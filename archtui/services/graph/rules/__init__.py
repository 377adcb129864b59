"""Rules about journeys, single points of failure, exposure, and things nobody uses."""
