"""Districts across all categories of a run: counted, never averaged."""

from collections.abc import Sequence
from uuid import UUID

from layers.errors import Unavailable
from layers.published.connection import read_one
from layers.published.json_text import joined
from layers.published.results import Results

# A share not served of up to a tenth is class 1 and meets the standard (`priority.py`).
# Only categories without children are counted: a parent is reached where any child is, and
# would hide those that are not.
_PROFILES = f"""WITH asked AS (
  SELECT w.*, max(w.priority_class) OVER (PARTITION BY w.district_code) AS worst_class
  FROM published.result_row w
  WHERE w.run_id = %(run)s AND NOT w.is_total AND w.district_code <> ''
    AND CASE WHEN %(terms)s::text[] = '{{}}'
             THEN NOT EXISTS (SELECT FROM published.taxonomy_term c
                              WHERE c.taxonomy = w.term_kind AND c.parent = w.term)
             ELSE w.term = ANY(%(terms)s::text[]) END
), profile AS (
  SELECT w.level, w.district_code, max(w.worst_class) AS worst_class,
         coalesce(array_agg(w.term ORDER BY w.residents_unserved DESC, w.term)
                  FILTER (WHERE w.priority_class = w.worst_class), '{{}}') AS worst_terms,
         coalesce(array_agg(w.term ORDER BY w.term)
                  FILTER (WHERE w.share_served = 0), '{{}}') AS unreached_terms,
         ARRAY[count(*) FILTER (WHERE w.priority_class = 1),
               count(*) FILTER (WHERE w.priority_class = 2),
               count(*) FILTER (WHERE w.priority_class = 3),
               count(*) FILTER (WHERE w.priority_class = 4),
               count(*) FILTER (WHERE w.priority_class = 5)] AS n_by_class,
         count(*) FILTER (WHERE w.priority_class > 1) AS n_below_standard,
         count(w.priority_class) AS n_known,
         count(*) FILTER (WHERE w.is_suppressed) AS n_withheld,
         max(w.need_index) AS need_index, max(w.n_need_flags) AS n_need_flags
  FROM asked w GROUP BY w.level, w.district_code
), drawn AS (
  SELECT p.level, p.district_code AS code, layers_text(d.names, %(lang)s) AS name,
         layers_text_lang(d.names, %(lang)s) AS name_lang, p.worst_class, p.worst_terms,
         p.unreached_terms, p.n_by_class, p.n_below_standard, p.n_known, p.n_withheld,
         p.need_index, p.n_need_flags,
         r.summary -> 'need' -> 'districts' -> p.district_code AS need
  FROM profile p JOIN published.run r ON r.id = %(run)s
  LEFT JOIN published.district d ON d.municipality_slug = r.municipality_slug
   AND d.level = p.level AND d.code = p.district_code
)
SELECT (SELECT {joined("f.item", "f.n")} FROM (
  SELECT row_to_json(z)::text AS item,
         row_number() OVER (ORDER BY z.worst_class DESC NULLS LAST,
                            cardinality(z.worst_terms) DESC, z.code) AS n
  FROM drawn z) f),
 (SELECT count(*) FROM drawn), r.municipality_slug, r.parameters, r.data_versions,
 r.code_version, r.summary #- '{{need,districts}}', r.finished_at
FROM published.run r WHERE r.id = %(run)s"""


def profiles(run_id: UUID, *, lang: str, terms: Sequence[str] = ()) -> Results:
    """Return a public run's districts as JSON, worst first; one statement.

    Parameters
    ----------
    run_id : UUID
        The run.
    lang : str
        Language of the names.
    terms : sequence of str
        Only these categories or committees; without any all that have no children.

    Raises
    ------
    Unavailable
        The run was pruned meanwhile.
    """
    row = read_one(
        _PROFILES, {"run": run_id, "lang": lang, "terms": list(terms)}, binary=True
    )
    if row is None:
        raise Unavailable("the analysis was replaced meanwhile; please ask again")
    return Results(row[0] or b"", *row[1:])
