import pytest

# What a shared assertion compared is told as well as what a test's own did.
pytest.register_assert_rewrite("tests.support.graph", "tests.support.random_rows")
