SELECT json_build_object('alliance', (
    SELECT json_build_object(
        'code', a.code,
        'name', a.name,
        'region', CASE WHEN ar.id IS NOT NULL THEN json_build_object('name', ar.name) END,
        'memberships', json_build_object('nodes', (
            SELECT coalesce(json_agg(json_build_object(
                'role', m.role,
                'joined', m.joined,
                'member', json_build_object(
                    '__typename', 'Studio',
                    'code', s.code,
                    'name', s.name,
                    'field', s.field,
                    'level', s.level,
                    'region', CASE WHEN sr.id IS NOT NULL THEN json_build_object(
                        'name', sr.name,
                        'province', CASE WHEN sp.id IS NOT NULL
                            THEN json_build_object('name', sp.name) END) END,
                    'leader', CASE WHEN l.id IS NOT NULL THEN json_build_object(
                        'code', l.code,
                        'name', l.name,
                        'grade', l.grade_all,
                        'results', json_build_object('nodes', (
                            SELECT coalesce(json_agg(json_build_object(
                                'rank', t.rank,
                                'award', t.award,
                                'competition', json_build_object('name', c.name, 'level', c.level))
                                ORDER BY t.rank, t.id), '[]')
                            FROM (
                                SELECT * FROM result t
                                WHERE t.worker_id = l.id AND t.status <> 'RETRACTED'
                                ORDER BY t.rank, t.id LIMIT 3) t
                            JOIN competition c ON c.id = t.competition_id))) END,
                    'members', json_build_object('nodes', (
                        SELECT coalesce(json_agg(json_build_object(
                            'studioRole', n.studio_role,
                            'worker', json_build_object(
                                'code', w.code,
                                'name', w.name,
                                'grade', w.grade_all,
                                'frontline', w.frontline,
                                'occupationAsPublished', w.occupation_as_published,
                                'region', CASE WHEN wr.id IS NOT NULL
                                    THEN json_build_object('name', wr.name) END))
                            ORDER BY n.joined, n.id), '[]')
                        FROM (
                            SELECT * FROM studio_membership n
                            WHERE n.studio_id = s.id AND n.status <> 'RETRACTED'
                                AND (n.begins IS NULL OR n.begins <= today.day)
                                AND (n.ends IS NULL OR n.ends > today.day)
                            ORDER BY n.joined, n.id LIMIT 10) n
                        JOIN worker w ON w.id = n.worker_id
                        LEFT JOIN region wr ON wr.id = w.region_id))))
                ORDER BY m.joined, m.id), '[]')
            FROM (
                SELECT * FROM alliance_membership m
                WHERE m.alliance_id = a.id AND m.status <> 'RETRACTED'
                    AND (m.begins IS NULL OR m.begins <= today.day)
                    AND (m.ends IS NULL OR m.ends > today.day)
                ORDER BY m.joined, m.id LIMIT 20) m
            JOIN studio s ON s.id = m.studio_id
            LEFT JOIN region sr ON sr.id = s.region_id
            LEFT JOIN region sp ON sp.id = sr.province_id
            LEFT JOIN worker l ON l.id = s.leader_all_id)))
    FROM alliance a
    LEFT JOIN region ar ON ar.id = a.region_id
    CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) today
    WHERE a.code = $1))
