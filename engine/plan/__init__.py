"""The parts of an operation plan: field plans, layers, outputs."""
