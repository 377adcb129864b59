"""What would help: remedies that the services propose, each proved by running the analysis on the edited design."""
