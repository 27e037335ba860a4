import gc

import pytest

# What a shared assertion compared is told as well as what a test's own did.
pytest.register_assert_rewrite("tests.support.graph", "tests.support.random_rows")

# Garbage is collected seldom, and hardly at all while the tests are imported: a tenth of their time
# went into it.
GC_THRESHOLDS = (50_000, 20, 50)
gc.set_threshold(*GC_THRESHOLDS)
