// The five officers whose entities came from the most intermediaries.
MATCH (o:Officer)-[:OFFICER_OF]->(e:Entity)<-[:INTERMEDIARY_OF]-(i:Intermediary)
WITH o.name AS officer, count(DISTINCT e) AS entities, count(DISTINCT i) AS intermediaries
RETURN officer, entities, intermediaries ORDER BY intermediaries DESC, entities DESC, officer LIMIT 5;
