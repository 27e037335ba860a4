"""Operations on the whole database: export, bulk fill, schema version."""
