SELECT json_build_object('worker', (
    SELECT json_build_object(
        'code', w.code,
        'name', w.name,
        'grade', w.grade,
        'frontline', w.frontline,
        'occupationAsPublished', w.occupation_as_published,
        'employer', CASE WHEN e.id IS NOT NULL
            THEN json_build_object('code', e.code, 'name', e.name) END,
        'region', CASE WHEN r.id IS NOT NULL
            THEN json_build_object('code', r.code, 'name', r.name) END)
    FROM worker w
    LEFT JOIN organisation e ON e.id = w.employer_id
    LEFT JOIN region r ON r.id = w.region_id
    WHERE w.code = $1))
