-- Every day: forgets what was asked to be forgotten. A row of type "erasure" names a hash; what was received before it
-- about that hash goes. Rows of the last hours are left to the next run: BigQuery may not let them be changed yet.
DELETE FROM `${table}` AS e
WHERE e.type != 'erasure'
  AND e.publish_time < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 HOUR)
  AND (
    EXISTS (SELECT 1 FROM `${table}` AS x
            WHERE x.type = 'erasure' AND x.userId = e.userId AND e.receivedAt <= x.receivedAt)
    OR EXISTS (SELECT 1 FROM `${table}` AS x
               WHERE x.type = 'erasure' AND x.anonymousId = e.anonymousId AND e.receivedAt <= x.receivedAt)
  );
