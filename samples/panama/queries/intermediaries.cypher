// The five intermediaries that set up the most entities, and in how many jurisdictions.
MATCH (i:Intermediary)-[:INTERMEDIARY_OF]->(e:Entity)
WITH i.name AS intermediary, count(e) AS entities, count(DISTINCT e.jurisdiction) AS jurisdictions
RETURN intermediary, entities, jurisdictions ORDER BY entities DESC, intermediary LIMIT 5;
