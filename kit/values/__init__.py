"""Value types: partial dates, quantities, labelled enums."""
