-- OFFSET 0 keeps the planner from sorting all studios of the province: read in the order of their
-- index, fifty that lie in it are found soon.
SELECT json_build_object('region', (
    SELECT json_build_object(
        'code', r.code,
        'name', r.name,
        'studios', json_build_object('nodes', (
            SELECT coalesce(json_agg(json_build_object(
                'code', s.code,
                'name', s.name,
                'memberships', json_build_object('nodes', (
                    SELECT coalesce(json_agg(json_build_object('alliance', json_build_object(
                        'code', a.code,
                        'name', a.name,
                        'memberships', json_build_object('nodes', (
                            SELECT coalesce(json_agg(json_build_object(
                                'member', CASE
                                    WHEN o.id IS NOT NULL THEN json_build_object(
                                        '__typename', 'Studio',
                                        'code', o.code,
                                        'name', o.name,
                                        'leader', CASE WHEN l.id IS NOT NULL
                                            THEN json_build_object('name', l.name) END)
                                    WHEN u.id IS NOT NULL THEN json_build_object(
                                        '__typename', 'Organisation',
                                        'code', u.code,
                                        'name', u.name)
                                    WHEN d.id IS NOT NULL THEN json_build_object(
                                        '__typename', 'Academy',
                                        'code', d.code,
                                        'name', d.name) END)
                                ORDER BY n.joined, n.id), '[]')
                            FROM (
                                SELECT * FROM alliance_membership n
                                WHERE n.alliance_id = a.id AND n.status <> 'RETRACTED'
                                    AND (n.begins IS NULL OR n.begins <= today.day)
                                    AND (n.ends IS NULL OR n.ends > today.day)
                                ORDER BY n.joined, n.id LIMIT 5) n
                            LEFT JOIN studio o ON o.id = n.studio_id
                            LEFT JOIN worker l ON l.id = o.leader_id
                            LEFT JOIN organisation u ON u.id = n.organisation_id
                            LEFT JOIN academy d ON d.id = n.academy_id))))
                        ORDER BY m.joined, m.id), '[]')
                    FROM (
                        SELECT * FROM alliance_membership m
                        WHERE m.studio_id = s.id AND m.status <> 'RETRACTED'
                            AND (m.begins IS NULL OR m.begins <= today.day)
                            AND (m.ends IS NULL OR m.ends > today.day)
                        ORDER BY m.joined, m.id LIMIT 3) m
                    JOIN alliance a ON a.id = m.alliance_id)))
                ORDER BY s.name_key, s.code), '[]')
            FROM (
                SELECT s.* FROM studio s
                WHERE EXISTS (
                    SELECT FROM region_ancestor b
                    WHERE b.region_id = s.region_id AND b.ancestor_id = r.id OFFSET 0)
                ORDER BY s.name_key, s.code LIMIT 50) s)))
    FROM region r
    CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE r.code = $1))
