SELECT e.cohort, e.id FROM enrolment e
JOIN organisation o ON o.id = e.college_id
WHERE o.code = $1 AND e.status <> 'RETRACTED'
ORDER BY e.cohort, e.id LIMIT 1 OFFSET 99
