"""What plans place and ask comes back as it was."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.ledger import Account
from scheduler.domain.plan import Plan
from scheduler.store.packed import pack_whole, unpack_whole
from scheduler.store.school_plans import pack_loads, pack_plan, unpack_loads, unpack_plan

amounts = st.lists(st.integers(0, 2**62), max_size=12).map(lambda values: np.array(values, dtype=np.int64))
accounts = st.builds(Account, st.text(max_size=5), st.sampled_from(["connections", "x\n"]), st.dates())


@given(amount=amounts)
def test_whole_numbers_come_back(amount: np.ndarray) -> None:
    assert unpack_whole(pack_whole(amount)).tolist() == amount.tolist()


@given(loads=st.dictionaries(accounts, amounts, max_size=4))
def test_loads_come_back(loads: dict[Account, np.ndarray]) -> None:
    back = unpack_loads(pack_loads(loads))
    assert {account: amount.tolist() for account, amount in back.items()} == {
        account: amount.tolist() for account, amount in loads.items()
    }


def test_a_plan_comes_back_by_day_and_row_and_equal_plans_are_equal_bytes() -> None:
    columns = [2, 0, 1], [0, 1, 0], [500, 480, 600], [0, 0, 1]
    plan = Plan(*(np.array(column, dtype=np.int64) for column in columns))
    other = Plan(*(np.array(column[::-1], dtype=np.int32) for column in columns))
    back = unpack_plan(pack_plan(plan))
    assert (back.row.tolist(), back.day.tolist(), back.start.tolist()) == ([1, 2, 0], [0, 0, 1], [600, 500, 480])
    assert (back.row.dtype, back.day.dtype) == (np.int32, np.int16)
    assert pack_plan(plan) == pack_plan(other)
