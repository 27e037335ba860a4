-- From the same summaries as ours. Each is read once: what is counted by group also gives the total.
WITH place AS MATERIALIZED (SELECT * FROM region WHERE code = $1),
inside AS MATERIALIZED (
    SELECT b.region_id AS id FROM region_ancestor b JOIN place ON place.id = b.ancestor_id),
word (list, code, label) AS (VALUES
    ('GRADE', 'APPRENTICE', '学徒工'),
    ('GRADE', 'JUNIOR', '初级工'),
    ('GRADE', 'INTERMEDIATE', '中级工'),
    ('GRADE', 'SENIOR', '高级工'),
    ('GRADE', 'TECHNICIAN', '技师'),
    ('GRADE', 'SENIOR_TECHNICIAN', '高级技师'),
    ('GRADE', 'SPECIAL_GRADE_TECHNICIAN', '特级技师'),
    ('GRADE', 'CHIEF_TECHNICIAN', '首席技师'),
    ('LEVEL', 'INTERNATIONAL', '国际级'),
    ('LEVEL', 'NATIONAL', '国家级'),
    ('LEVEL', 'PROVINCIAL', '省级'),
    ('LEVEL', 'CITY', '市级'),
    ('LEVEL', 'DISTRICT', '区级'),
    ('LEVEL', 'COUNTY', '县级'),
    ('LEVEL', 'ZONE', '功能区级'),
    ('LEVEL', 'ENTERPRISE', '企业级'),
    ('KIND', 'INVENTION_PATENT', '发明专利'),
    ('KIND', 'UTILITY_MODEL', '实用新型专利'),
    ('KIND', 'INNOVATION', '创新成果'),
    ('KIND', 'FIVE_SMALLS', '五小成果'),
    ('KIND', 'BENEFIT', '经济效益'),
    ('KIND', 'OTHER', '其他')),
workers AS MATERIALIZED (
    SELECT t.grade, sum(t.number) AS number
    FROM worker_summary_above t JOIN place ON place.id = t.region_id
    WHERE t.audience = 'PUBLIC'
    GROUP BY 1),
studios AS MATERIALIZED (
    SELECT c.code AS city, c.name AS city_name, t.level, sum(t.number) AS number
    FROM studio_summary t
    JOIN region h ON h.id = t.region_id
    LEFT JOIN region c ON c.id = h.city_id
    WHERE t.region_id IN (SELECT id FROM inside) AND t.audience = 'PUBLIC'
    GROUP BY 1, 2, 3),
academies AS MATERIALIZED (
    SELECT t.level, count(*) AS number
    FROM academy t
    WHERE t.region_id IN (SELECT id FROM inside) AND t.audience = 'PUBLIC'
    GROUP BY 1),
competitions AS MATERIALIZED (
    SELECT t.level, t.year, sum(t.number) AS number
    FROM competition_summary_above t JOIN place ON place.id = t.region_id
    WHERE t.audience = 'PUBLIC'
    GROUP BY 1, 2),
conferrals AS MATERIALIZED (
    SELECT h.code AS honour, h.name AS honour_name, t.year, sum(t.number) AS number
    FROM conferral_summary_above t
    JOIN place ON place.id = t.region_id
    JOIN honour h ON h.id = t.honour_id
    WHERE t.audience = 'PUBLIC'
    GROUP BY 1, 2, 3),
outcomes AS MATERIALIZED (
    SELECT t.outcome_kind AS kind, sum(t.number) AS number,
        (sum(t.value_value) * 0.001)::float8 AS value, min(t.value_unit) AS unit, max(t.value_unit) AS last_unit,
        CASE
            WHEN bool_or(t.value_qualifier = 'ABOUT')
                OR (bool_or(t.value_qualifier IN ('OVER', 'AT_LEAST'))
                    AND bool_or(t.value_qualifier IN ('UNDER', 'AT_MOST'))) THEN 'ABOUT'
            WHEN bool_or(t.value_qualifier = 'OVER') THEN 'OVER'
            WHEN bool_or(t.value_qualifier = 'AT_LEAST') THEN 'AT_LEAST'
            WHEN bool_or(t.value_qualifier = 'UNDER') THEN 'UNDER'
            WHEN bool_or(t.value_qualifier = 'AT_MOST') THEN 'AT_MOST'
            ELSE 'EXACT' END AS qualifier
    FROM outcome_summary_above t JOIN place ON place.id = t.region_id
    WHERE t.audience = 'PUBLIC'
    GROUP BY 1),
today AS (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day),
child AS MATERIALIZED (
    SELECT r.* FROM region r JOIN place ON place.id = r.parent_id, today
    WHERE (r.begins IS NULL OR r.begins <= day) AND (r.ends IS NULL OR r.ends > day)),
workers_of_child AS MATERIALIZED (
    SELECT child.id AS child, sum(t.number) AS number
    FROM worker_summary_above t JOIN child ON child.id = t.region_id
    WHERE t.audience = 'PUBLIC' GROUP BY 1),
studios_of_child AS MATERIALIZED (
    SELECT child.id AS child, sum(t.number) AS number
    FROM studio_summary_above t JOIN child ON child.id = t.region_id
    WHERE t.audience = 'PUBLIC' GROUP BY 1),
academies_of_child AS MATERIALIZED (
    SELECT child.id AS child, count(*) AS number
    FROM academy t
    JOIN region_ancestor b ON b.region_id = t.region_id
    JOIN child ON child.id = b.ancestor_id
    WHERE t.audience = 'PUBLIC' GROUP BY 1)
SELECT json_build_object('region', (
    SELECT json_build_object(
        'code', place.code,
        'name', place.name,
        'level', place.level,
        'workers', json_build_object(
            'totalCount', (SELECT coalesce(sum(number), 0) FROM workers),
            'groups', json_build_object(
                'totalCount', (SELECT count(*) FROM workers),
                'nodes', (SELECT coalesce(json_agg(json_build_object(
                    'keys', json_build_array(
                        json_build_object(
                            'dimension', 'GRADE',
                            'code', g.grade,
                            'label', coalesce(w.label, '未注明或未公开'))),
                    'count', g.number)
                    ORDER BY g.number DESC, g.grade), '[]')
                FROM (SELECT * FROM workers g ORDER BY g.number DESC, g.grade LIMIT 100) g
                LEFT JOIN word w ON w.list = 'GRADE' AND w.code = g.grade))),
        'studios', json_build_object(
            'totalCount', (SELECT coalesce(sum(number), 0) FROM studios),
            'groups', json_build_object(
                'totalCount', (SELECT count(*) FROM studios),
                'nodes', (SELECT coalesce(json_agg(json_build_object(
                    'keys', json_build_array(
                        json_build_object(
                            'dimension', 'CITY',
                            'code', g.city,
                            'label', coalesce(g.city_name, '未注明或未公开')),
                        json_build_object(
                            'dimension', 'LEVEL',
                            'code', g.level,
                            'label', coalesce(w.label, '未注明或未公开'))),
                    'count', g.number)
                    ORDER BY g.number DESC, g.city, g.level), '[]')
                FROM (SELECT * FROM studios g ORDER BY g.number DESC, g.city, g.level LIMIT 100) g
                LEFT JOIN word w ON w.list = 'LEVEL' AND w.code = g.level))),
        'alliances', json_build_object('totalCount', (
            SELECT count(*) FROM alliance t
            WHERE t.region_id IN (SELECT id FROM inside) AND t.audience = 'PUBLIC')),
        'academies', json_build_object(
            'totalCount', (SELECT coalesce(sum(number), 0) FROM academies),
            'groups', json_build_object(
                'totalCount', (SELECT count(*) FROM academies),
                'nodes', (SELECT coalesce(json_agg(json_build_object(
                    'keys', json_build_array(
                        json_build_object(
                            'dimension', 'LEVEL',
                            'code', g.level,
                            'label', coalesce(w.label, '未注明或未公开'))),
                    'count', g.number)
                    ORDER BY g.number DESC, g.level), '[]')
                FROM (SELECT * FROM academies g ORDER BY g.number DESC, g.level LIMIT 100) g
                LEFT JOIN word w ON w.list = 'LEVEL' AND w.code = g.level))),
        'competitions', json_build_object(
            'totalCount', (SELECT coalesce(sum(number), 0) FROM competitions),
            'groups', json_build_object(
                'totalCount', (SELECT count(*) FROM competitions),
                'nodes', (SELECT coalesce(json_agg(json_build_object(
                    'keys', json_build_array(
                        json_build_object(
                            'dimension', 'LEVEL',
                            'code', g.level,
                            'label', coalesce(w.label, '未注明或未公开')),
                        json_build_object(
                            'dimension', 'YEAR',
                            'code', g.year::text,
                            'label', coalesce(g.year::text, '未注明或未公开'))),
                    'count', g.number)
                    ORDER BY g.number DESC, g.level, g.year), '[]')
                FROM (
                    SELECT * FROM competitions g
                    ORDER BY g.number DESC, g.level, g.year LIMIT 100) g
                LEFT JOIN word w ON w.list = 'LEVEL' AND w.code = g.level))),
        'conferrals', json_build_object(
            'totalCount', (SELECT coalesce(sum(number), 0) FROM conferrals),
            'groups', json_build_object(
                'totalCount', (SELECT count(*) FROM conferrals),
                'remainder', (SELECT coalesce(sum(number), 0) FROM (
                    SELECT number FROM conferrals ORDER BY number DESC OFFSET 50) rest),
                'nodes', (SELECT coalesce(json_agg(json_build_object(
                    'keys', json_build_array(
                        json_build_object(
                            'dimension', 'HONOUR',
                            'code', g.honour,
                            'label', coalesce(g.honour_name, '未注明或未公开')),
                        json_build_object(
                            'dimension', 'YEAR',
                            'code', g.year::text,
                            'label', coalesce(g.year::text, '未注明或未公开'))),
                    'count', g.number)
                    ORDER BY g.number DESC, g.honour, g.year), '[]')
                FROM (
                    SELECT * FROM conferrals g
                    ORDER BY g.number DESC, g.honour, g.year LIMIT 50) g))),
        'outcomes', json_build_object(
            'totalCount', (SELECT coalesce(sum(number), 0) FROM outcomes),
            'groups', json_build_object(
                'nodes', (SELECT coalesce(json_agg(json_build_object(
                    'keys', json_build_array(
                        json_build_object(
                            'dimension', 'KIND',
                            'code', g.kind,
                            'label', coalesce(w.label, '未注明或未公开'))),
                    'count', g.number,
                    'sum', CASE WHEN g.value IS NOT NULL AND g.unit = g.last_unit
                        THEN json_build_object(
                            'value', g.value, 'unit', g.unit, 'qualifier', g.qualifier) END)
                    ORDER BY g.number DESC, g.kind), '[]')
                FROM (SELECT * FROM outcomes g ORDER BY g.number DESC, g.kind LIMIT 100) g
                LEFT JOIN word w ON w.list = 'KIND' AND w.code = g.kind))),
        'children', (SELECT coalesce(json_agg(json_build_object(
            'code', c.code,
            'name', c.name,
            'workers', json_build_object('totalCount', coalesce(w.number, 0)),
            'studios', json_build_object('totalCount', coalesce(s.number, 0)),
            'academies', json_build_object('totalCount', coalesce(a.number, 0)))
            ORDER BY c.code), '[]')
            FROM child c
            LEFT JOIN workers_of_child w ON w.child = c.id
            LEFT JOIN studios_of_child s ON s.child = c.id
            LEFT JOIN academies_of_child a ON a.child = c.id))
    FROM place))
