"""Two of Neo4j's doors, the HTTP API and cypher-shell, before openCypher by Apache AGE."""
