// How many there are of each kind.
MATCH (n:Entity) WITH count(n) AS entities
MATCH (n:Officer) WITH entities, count(n) AS officers
MATCH (n:Intermediary) WITH entities, officers, count(n) AS intermediaries
MATCH (n:Address) WITH entities, officers, intermediaries, count(n) AS addresses
MATCH ()-[r]->() WITH entities, officers, intermediaries, addresses, count(r) AS relationships
RETURN entities, officers, intermediaries, addresses, relationships;
