// The five addresses behind which the most entities stand.
MATCH (a:Address)<-[:REGISTERED_ADDRESS]-(o:Officer)-[:OFFICER_OF]->(e:Entity)
WITH a.address AS address, count(DISTINCT o) AS officers, count(DISTINCT e) AS entities
RETURN address, officers, entities ORDER BY entities DESC, address LIMIT 5;
