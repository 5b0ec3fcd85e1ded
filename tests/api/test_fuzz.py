"""Schemathesis, in small: every operation of the description once or twice, with the same requests every time.

By hand, and longer: see tests/fuzz.py.
"""

import pytest

from fuzz import fuzz

pytest.importorskip("schemathesis", reason="the fuzzing of the API needs schemathesis (extra 'test')")


@pytest.mark.slow
def test_no_request_that_schemathesis_thinks_of_is_answered_otherwise_than_described(tmp_path):
    assert fuzz(tmp_path, 1, phases="examples,fuzzing,stateful") == 0
