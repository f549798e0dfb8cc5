// How many other officers the one with the lowest number reaches over entities that they share, in at most two of them.
MATCH (o:Officer {node_id: '12000001'})-[:OFFICER_OF*2..4]-(x:Officer)
WHERE x.node_id <> '12000001'
WITH count(DISTINCT x) AS reached
RETURN reached;
