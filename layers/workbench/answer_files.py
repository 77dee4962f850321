"""A question in, files out: the whole way of `manage.py measure`."""

from pathlib import Path

from layers.errors import InvalidParameter
from layers.workbench.answers import (
    Fill,
    check_writable,
    number_text,
    summary_of,
    summary_text,
    table_of,
    write_together,
)
from layers.workbench.columns_measured import measure_column
from layers.workbench.measuring import measure_pairs
from layers.workbench.question import COLUMN_MEASURES, Question, check
from layers.workbench.summary import summary


def answer_in_files(
    question: Question,
    *,
    out: Path | None,
    summary_file: Path | None,
    default_srid: int,
) -> str:
    """Answer a question, write the files asked for, and return what to print.

    Parameters
    ----------
    question : Question
        Not yet checked.
    out, summary_file : Path or None
        Where the table and the summary go; without `summary_file` the summary is
        what is returned.
    default_srid : int
        EPSG code to measure in where the question names none.

    Raises
    ------
    LayersError
        A fault in the question or the files. Nothing is written then.
    """
    check(question)
    inputs = (question.demand, question.supply, question.cost)
    check_writable("out", out, inputs)
    check_writable("summary", summary_file, (*inputs, out))
    if out is not None and out == summary_file:
        raise InvalidParameter("summary", str(out), "another file than --out")
    if question.measure in COLUMN_MEASURES:
        answer = measure_column(question)
    else:
        answer = measure_pairs(question, default_srid)
    found = summary(question.measure, answer)
    files: dict[Path, Fill] = {}
    if out is not None:
        texts = map(number_text, answer.values.tolist())
        rows = zip(answer.ids, texts, strict=True)
        files[out] = table_of((question.demand_id, "value"), rows)
    if summary_file is not None:
        files[summary_file] = summary_of(found)
    write_together(files)
    if summary_file is None:
        return summary_text(found)
    return f"{question.measure}: {len(answer.ids)} points"
