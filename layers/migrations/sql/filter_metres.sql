-- Metres on the ellipsoid, as filters (CQL2) ask of each row; null where PostGIS has no answer:
-- it refuses edges between antipodes, whose course nobody knows.
CREATE OR REPLACE FUNCTION layers_metres(measure text, g geography) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $$
BEGIN
    RETURN CASE measure WHEN 'area' THEN ST_Area(g) WHEN 'length' THEN ST_Length(g)
        WHEN 'perimeter' THEN ST_Perimeter(g) END;
EXCEPTION
    WHEN internal_error OR data_exception THEN RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION layers_distance_m(a geography, b geography) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $$
BEGIN
    RETURN ST_Distance(a, b);
EXCEPTION
    WHEN internal_error OR data_exception THEN RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION layers_is_within_m(a geography, b geography, metres float8)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $$
BEGIN
    RETURN metres >= 0 AND ST_DWithin(a, b, greatest(metres, 0));
EXCEPTION
    WHEN internal_error OR data_exception THEN RETURN NULL;
END $$;
