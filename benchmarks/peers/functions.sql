-- What the peer's own words can't say: lists of current spells in our order, and a region's studios.
-- Each is one plain SELECT, which PostgreSQL inlines into the statement that calls it.
CREATE SCHEMA IF NOT EXISTS benchmark;

CREATE OR REPLACE FUNCTION benchmark.alliance_current_memberships(alliance public.alliance)
RETURNS SETOF public.alliance_membership LANGUAGE sql STABLE ROWS 20 AS $$
    SELECT m.* FROM public.alliance_membership m
    WHERE m.alliance_id = alliance.id AND m.status <> 'RETRACTED'
        AND (m.begins IS NULL OR m.begins <= (now() AT TIME ZONE 'Asia/Shanghai')::date)
        AND (m.ends IS NULL OR m.ends > (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY m.joined, m.id
$$;

CREATE OR REPLACE FUNCTION benchmark.studio_current_memberships(studio public.studio)
RETURNS SETOF public.alliance_membership LANGUAGE sql STABLE ROWS 5 AS $$
    SELECT m.* FROM public.alliance_membership m
    WHERE m.studio_id = studio.id AND m.status <> 'RETRACTED'
        AND (m.begins IS NULL OR m.begins <= (now() AT TIME ZONE 'Asia/Shanghai')::date)
        AND (m.ends IS NULL OR m.ends > (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY m.joined, m.id
$$;

CREATE OR REPLACE FUNCTION benchmark.studio_current_members(studio public.studio)
RETURNS SETOF public.studio_membership LANGUAGE sql STABLE ROWS 10 AS $$
    SELECT m.* FROM public.studio_membership m
    WHERE m.studio_id = studio.id AND m.status <> 'RETRACTED'
        AND (m.begins IS NULL OR m.begins <= (now() AT TIME ZONE 'Asia/Shanghai')::date)
        AND (m.ends IS NULL OR m.ends > (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY m.joined, m.id
$$;

CREATE OR REPLACE FUNCTION benchmark.region_studios_within(region public.region)
RETURNS SETOF public.studio LANGUAGE sql STABLE ROWS 1000 AS $$
    -- As the floor does it: read in the order of the index, not sorted.
    SELECT s.* FROM public.studio s
    WHERE EXISTS (
        SELECT FROM public.region_ancestor a
        WHERE a.region_id = s.region_id AND a.ancestor_id = region.id OFFSET 0)
    ORDER BY s.name_key, s.code
$$;

CREATE OR REPLACE FUNCTION benchmark.region_alliances_within(region public.region)
RETURNS SETOF public.alliance LANGUAGE sql STABLE ROWS 30 AS $$
    SELECT t.* FROM public.alliance t
    WHERE t.audience = 'PUBLIC' AND t.region_id IN (
        SELECT a.region_id FROM public.region_ancestor a WHERE a.ancestor_id = region.id)
$$;

CREATE OR REPLACE FUNCTION benchmark.region_academies_within(region public.region)
RETURNS SETOF public.academy LANGUAGE sql STABLE ROWS 30 AS $$
    SELECT t.* FROM public.academy t
    WHERE t.audience = 'PUBLIC' AND t.region_id IN (
        SELECT a.region_id FROM public.region_ancestor a WHERE a.ancestor_id = region.id)
$$;

-- By city, which is known of the region of a cell, and by level.
CREATE OR REPLACE FUNCTION benchmark.region_studio_cells(region public.region)
RETURNS TABLE (city text, city_name text, level text, number integer)
LANGUAGE sql STABLE ROWS 100 AS $$
    SELECT c.code, c.name, s.level, sum(s.number)::integer
    FROM public.studio_summary s
    JOIN public.region_ancestor a ON a.region_id = s.region_id AND a.ancestor_id = region.id
    JOIN public.region r ON r.id = s.region_id
    LEFT JOIN public.region c ON c.id = r.city_id
    WHERE s.audience = 'PUBLIC'
    GROUP BY 1, 2, 3
    ORDER BY 4 DESC, 1, 3
$$;

-- Numbers are stored as whole thousandths.
CREATE OR REPLACE FUNCTION benchmark.enrolment_score_decimal(enrolment public.enrolment)
RETURNS float8 LANGUAGE sql STABLE AS $$ SELECT (enrolment.score * 0.001)::float8 $$;
