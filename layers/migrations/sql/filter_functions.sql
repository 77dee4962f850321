-- What filters (CQL2) ask of each row, so that no row can make a statement fail: where an
-- operation has no answer, the answer is null, and the row is passed over.

-- Text without its case: full case folding as Unicode has it, so that Straße, STRASSE and
-- strasse are one, and so are Οδός and ΟΔΌΣ. Composed, whichever way the text was typed.
CREATE OR REPLACE FUNCTION layers_casei(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    -- Lower, upper, lower: ẞ becomes ß, that becomes SS; the final ς folds to σ.
    RETURN normalize(translate(lower(upper(lower(t COLLATE "und-x-icu"))), 'ς', 'σ'), NFC);
END $$;

-- Text without its accents: the rules of unaccent (ø is o, ß is ss), and then every mark that
-- is left on a Greek, Latin, Cyrillic, Hebrew or Arabic letter, vowel signs included.
CREATE OR REPLACE FUNCTION layers_accenti(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    RETURN normalize(regexp_replace(
        normalize(unaccent(normalize(t, NFC)), NFD),
        '[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1dc0-\u1dff\u20d0-\u20ff]',
        '', 'g'), NFC);
END $$;

-- A folded pattern for LIKE. Before it was folded, its wildcards were written as two code
-- points that are no characters: folding makes % of a fullwidth percent sign.
CREATE OR REPLACE FUNCTION layers_like_pattern(folded text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT translate(regexp_replace(folded, '([\\%_])', '\\\1', 'g'), U&'\FDD0\FDD1', '%_')
$$;

-- One step of arithmetic in double precision; null where it has no finite result. The rest
-- (%) has the sign of the dividend, div drops the fraction.
CREATE OR REPLACE FUNCTION layers_computed(sign text, a float8, b float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    c float8;
BEGIN
    c := CASE sign
        WHEN '+' THEN a + b WHEN '-' THEN a - b WHEN '*' THEN a * b WHEN '/' THEN a / b
        WHEN '^' THEN power(a, b)
        WHEN '%' THEN mod(a::numeric, b::numeric)
        WHEN 'div' THEN div(a::numeric, b::numeric) END;
    RETURN CASE WHEN c IN ('NaN', 'Infinity', '-Infinity') THEN NULL ELSE c END;
EXCEPTION
    WHEN data_exception THEN RETURN NULL;
END $$;

-- Whether two geometries stand in a relation, in the plane. Those that are not valid and that
-- GEOS can make nothing of are mended first; null where that fails, too.
CREATE OR REPLACE FUNCTION layers_related(relation text, a geometry, b geometry)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT COST 5000 AS $$
BEGIN
    RETURN CASE relation
        WHEN 'intersects' THEN ST_Intersects(a, b) WHEN 'equals' THEN ST_Equals(a, b)
        WHEN 'touches' THEN ST_Touches(a, b) WHEN 'crosses' THEN ST_Crosses(a, b)
        WHEN 'within' THEN ST_Within(a, b) WHEN 'contains' THEN ST_Contains(a, b)
        WHEN 'overlaps' THEN ST_Overlaps(a, b) END;
EXCEPTION
    WHEN internal_error THEN
        IF ST_IsValid(a) AND ST_IsValid(b) THEN
            RETURN NULL;
        END IF;
        RETURN layers_related(relation, ST_MakeValid(a), ST_MakeValid(b));
END $$;

-- A geometry on the ellipsoid, for areas, lengths and distances in metres; null where it has
-- no place there.
CREATE OR REPLACE FUNCTION layers_on_earth(g geometry) RETURNS geography
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $$
BEGIN
    RETURN (CASE WHEN ST_SRID(g) = 4326 THEN g ELSE ST_Transform(g, 4326) END)::geography;
EXCEPTION
    WHEN internal_error OR data_exception THEN RETURN NULL;
END $$;
