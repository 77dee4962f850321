"""Costs of pairs from a long table: given pairs exist, all others do not."""

import pytest

from layers.errors import InvalidParameter, InvalidRecord, UnreadableFile
from layers.workbench.costs import read_costs

FROM, TO = ("a", "b", "c"), ("s", "t")


def read(file, *columns):
    return read_costs(file, *(columns or ("from", "to", "min")), FROM, TO)


def as_pairs(costs):
    coo = costs.tocoo()
    return list(
        zip(
            coo.coords[0].tolist(),
            coo.coords[1].tolist(),
            coo.data.tolist(),
            strict=True,
        )
    )


def test_pairs_are_kept_in_order_whatever_the_order_of_rows(write):
    file = write("c.csv", "from,to,min\nb,t,7\na,t,5\na,s,3.5\n")

    costs, n_foreign = read(file)

    assert costs.shape == (3, 2)
    assert as_pairs(costs) == [(0, 0, 3.5), (0, 1, 5), (1, 1, 7)]
    assert n_foreign == 0


def test_a_cost_of_nothing_is_a_pair_and_no_absence(write):
    costs, _ = read(write("c.csv", "from,to,min\na,s,0\nb,t,0.0\n"))

    assert as_pairs(costs) == [(0, 0, 0), (1, 1, 0)]


def test_a_missing_cost_is_unreachable_and_never_nothing(write):
    costs, _ = read(write("c.csv", "from,to,min\na,s,\nb,s,inf\nb,t,4\n"))

    assert as_pairs(costs) == [(1, 1, 4)]


def test_everything_unreachable_is_an_answer(write):
    costs, n_foreign = read(write("c.csv", "from,to,min\na,s,\nx,s,1\n"))

    assert (costs.nnz, n_foreign) == (0, 1)


def test_pairs_of_ids_that_nobody_asked_for_are_counted_and_left_out(write):
    costs, n_foreign = read(write("c.csv", "from,to,min\na,s,1\nx,s,1\na,y,1\n"))

    assert (as_pairs(costs), n_foreign) == ([(0, 0, 1)], 2)


def test_a_file_whose_columns_are_swapped_is_refused(write):
    with pytest.raises(UnreadableFile, match="the right way round"):
        read(write("c.csv", "from,to,min\ns,a,1\nt,b,1\n"))


@pytest.mark.parametrize(
    "cost", ["-1", "nan", "NA", "1_0", "ten", "-0.5", "-inf", "1e999"]
)
def test_what_is_no_cost_is_refused_with_its_row(write, cost):
    with pytest.raises(InvalidRecord, match=r"c\.csv, row 3, min"):
        read(write("c.csv", f"from,to,min\na,s,1\nb,s,{cost}\n"))


def test_a_decimal_comma_is_a_decimal_comma(write):
    costs, _ = read(write("c.csv", "from;to;min\na;s;1,5\n"))

    assert as_pairs(costs) == [(0, 0, 1.5)]


@pytest.mark.parametrize("second", ["3", "4"])
def test_a_pair_that_stands_there_twice_is_refused(write, second):
    file = write("c.csv", f"from,to,min\na,s,3\nb,s,3\na,s,{second}\n")

    with pytest.raises(InvalidRecord, match="row 4: 'a to s': the pair of row 2"):
        read(file)


def test_a_column_that_is_not_there_is_named_with_its_option(write):
    file = write("c.csv", "from,to,min\na,s,3\n")

    with pytest.raises(InvalidParameter, match="cost-value: 'minutes'"):
        read(file, "from", "to", "minutes")


@pytest.mark.parametrize("text", ["", "from,to,min\n"])
def test_an_empty_file_is_refused(write, text):
    with pytest.raises(UnreadableFile):
        read(write("c.csv", text))
