// Where the entities were set up.
MATCH (e:Entity)
WITH e.jurisdiction_description AS jurisdiction, count(e) AS entities
RETURN jurisdiction, entities ORDER BY entities DESC, jurisdiction;
