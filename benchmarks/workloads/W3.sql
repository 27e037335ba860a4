-- $2 and $3 are where the first page ends. The total is counted once, for it is the same twice.
WITH college AS MATERIALIZED (SELECT o.id, o.name FROM organisation o WHERE o.code = $1),
total AS MATERIALIZED (
    SELECT count(*) AS number FROM enrolment e, college
    WHERE e.college_id = college.id AND e.status <> 'RETRACTED')
SELECT json_build_object('organisation', (
    SELECT json_build_object(
        'name', college.name,
        'one', json_build_object('totalCount', total.number, 'nodes', (
            SELECT coalesce(json_agg(json_build_object(
                'cohort', e.cohort,
                'enrolmentStatus', e.enrolment_status,
                'score', (e.score * 0.001)::float8,
                'trainee', json_build_object('code', w.code, 'name', w.name, 'grade', w.grade_all))
                ORDER BY e.cohort, e.id), '[]')
            FROM (
                SELECT * FROM enrolment e
                WHERE e.college_id = college.id AND e.status <> 'RETRACTED'
                ORDER BY e.cohort, e.id LIMIT 100) e
            JOIN worker w ON w.id = e.trainee_id)),
        'two', json_build_object('totalCount', total.number, 'nodes', (
            SELECT coalesce(json_agg(json_build_object(
                'cohort', e.cohort,
                'enrolmentStatus', e.enrolment_status,
                'score', (e.score * 0.001)::float8,
                'trainee', json_build_object('code', w.code, 'name', w.name, 'grade', w.grade_all))
                ORDER BY e.cohort, e.id), '[]')
            FROM (
                SELECT * FROM enrolment e
                WHERE e.college_id = college.id AND e.status <> 'RETRACTED'
                    AND (e.cohort > $2 OR (e.cohort = $2 AND e.id > $3) OR e.cohort IS NULL)
                ORDER BY e.cohort, e.id LIMIT 100) e
            JOIN worker w ON w.id = e.trainee_id)))
    FROM college, total))
