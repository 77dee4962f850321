-- Rules that SQL and constraints need in one place. All immutable: usable in indexes and CHECKs.
-- PostgreSQL copies the body of a function into the statement only where it is one expression
-- without a subquery, and plans it anew in every statement where it is not; so what is asked
-- often is an expression, and the rare case with a subquery is a function of its own.

-- A language map: an object of language code -> text that is not blank.
CREATE OR REPLACE FUNCTION layers_is_language_map(m jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(m) IS DISTINCT FROM 'object' THEN false
    ELSE NOT EXISTS (
        SELECT FROM jsonb_each(m) AS e
        WHERE e.key !~ '^[a-z]{2,3}$' OR jsonb_typeof(e.value) <> 'string'
           OR btrim(e.value #>> '{}') = ''
    ) END
$$;

-- A point with finite coordinates on the globe; null and empty points are not.
-- RETURN instead of a quoted body: names are looked up once, so that a restored backup, which
-- fills tables with an empty search path, still finds PostGIS.
CREATE OR REPLACE FUNCTION layers_is_on_globe(p geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(ST_X(p) BETWEEN -180 AND 180 AND ST_Y(p) BETWEEN -90 AND 90, false);

-- The first language of a map, for a map that has neither the one asked for nor en nor el.
CREATE OR REPLACE FUNCTION layers_first_lang(m jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT min(k) FROM jsonb_object_keys(m) AS k $$;

-- The language in which a map answers a reader: asked, English, Greek, then the first there is.
CREATE OR REPLACE FUNCTION layers_text_lang(m jsonb, lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN m ? lang THEN lang WHEN m ? 'en' THEN 'en' WHEN m ? 'el' THEN 'el'
    WHEN m <> '{}' THEN layers_first_lang(m) END
$$;

CREATE OR REPLACE FUNCTION layers_text(m jsonb, lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT m ->> layers_text_lang(m, lang) $$;

-- Every text of a language map in one string, for search.
CREATE OR REPLACE FUNCTION layers_all_texts(m jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(value, ' ' ORDER BY key), '') FROM jsonb_each_text(m)
$$;

-- Search folding: case, accents, Greek and Latin spelling of the same sound, Arabic letter forms.
-- Text and query are folded alike, so kypseli, Kipseli and ΚΥΨΕΛΗ all find Κυψέλη.
CREATE OR REPLACE FUNCTION layers_fold(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    s text := lower(t COLLATE "und-x-icu");
    pair text[];
BEGIN
    s := regexp_replace(normalize(s, NFD), '[\u0300-\u036f\u064b-\u065f\u0670\u0640\u200b-\u200f]', '', 'g');
    FOREACH pair SLICE 1 IN ARRAY ARRAY[
        ['ου','u'],['αυ','av'],['ευ','ev'],['ει','i'],['οι','i'],['υι','i'],['αι','e'],
        ['μπ','b'],['ντ','d'],['γκ','g'],['γγ','g'],['θ','th'],['ξ','ks'],['ψ','ps'],['χ','h'],
        ['ou','u'],['ei','i'],['oi','i'],['ai','e'],['mp','b'],['nt','d'],['gk','g'],['ng','g'],
        ['gg','g'],['ph','f'],['ch','h'],['kh','h'],['x','ks'],['au','av'],['eu','ev']]
    LOOP
        s := replace(s, pair[1], pair[2]);
    END LOOP;
    s := translate(s, 'αβγδεζηικλμνοπρστυφωςyqcwىیکہةۀ', 'avgdeziiklmnoprstifosikkoييكههه');
    RETURN btrim(regexp_replace(s, '[^[:alnum:]]+', ' ', 'g'));
END $$;

-- The hours of the segment that covers a day; null where none does. On a day that counts as a
-- holiday only segments hold that name the day themselves.
CREATE OR REPLACE FUNCTION layers_segment_hours(
    segment_days daterange[], segment_hours int4multirange[], segment_explicit boolean[],
    is_holiday boolean, day date
) RETURNS int4multirange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_holiday AND NOT u.explicit
           THEN '{}'::int4multirange ELSE u.hours END
    FROM unnest(segment_days, segment_hours, segment_explicit) AS u(days, hours, explicit)
    WHERE u.days @> day LIMIT 1
$$;

-- The hours that hold on one day: a segment's where one covers the day, else the base pattern;
-- none on a public holiday unless the service opens then or a segment says so for that day.
CREATE OR REPLACE FUNCTION layers_day_hours(
    base int4multirange, segment_days daterange[], segment_hours int4multirange[],
    segment_explicit boolean[], open_on_holidays boolean, is_holiday boolean, day date
) RETURNS int4multirange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        CASE WHEN segment_days <> '{}' THEN
            layers_segment_hours(segment_days, segment_hours, segment_explicit,
                                 is_holiday AND NOT open_on_holidays, day) END,
        CASE WHEN is_holiday AND NOT open_on_holidays THEN '{}'::int4multirange ELSE base END)
$$;

-- Whether it is open at a local wall-clock time; null where the hours are not known.
-- A stretch past midnight belongs to the day on which it opened.
CREATE OR REPLACE FUNCTION layers_is_open(
    hours_known boolean, base int4multirange, segment_days daterange[],
    segment_hours int4multirange[], segment_explicit boolean[], open_on_holidays boolean,
    local timestamp, holiday_today boolean, holiday_yesterday boolean
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN NOT hours_known THEN NULL ELSE
        layers_day_hours(base, segment_days, segment_hours, segment_explicit,
                         open_on_holidays, holiday_today, local::date)
            @> (2880 * (extract(isodow FROM local)::int - 1)
                + extract(hour FROM local)::int * 60 + extract(minute FROM local)::int)
        OR layers_day_hours(base, segment_days, segment_hours, segment_explicit,
                            open_on_holidays, holiday_yesterday, local::date - 1)
            @> (2880 * (extract(isodow FROM local - interval '1 day')::int - 1) + 1440
                + extract(hour FROM local)::int * 60 + extract(minute FROM local)::int)
    END
$$;

-- The inside of a JSON object, ready to be joined with another.
CREATE OR REPLACE FUNCTION layers_inside(j json) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT left(right(j::text, -1), -1) $$;
