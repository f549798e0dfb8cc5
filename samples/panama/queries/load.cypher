// Loads the CSV files of /import. When it is run again, nodes are found by their numbers, and relationships of these kinds are replaced.
CREATE CONSTRAINT entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.node_id IS UNIQUE;
CREATE CONSTRAINT officer IF NOT EXISTS FOR (n:Officer) REQUIRE n.node_id IS UNIQUE;
CREATE CONSTRAINT intermediary IF NOT EXISTS FOR (n:Intermediary) REQUIRE n.node_id IS UNIQUE;
CREATE CONSTRAINT address IF NOT EXISTS FOR (n:Address) REQUIRE n.node_id IS UNIQUE;

LOAD CSV WITH HEADERS FROM 'file:///nodes-entities.csv' AS row
MERGE (n:Entity {node_id: row.node_id})
SET n.name = row.name, n.jurisdiction = row.jurisdiction, n.jurisdiction_description = row.jurisdiction_description,
    n.incorporation_date = row.incorporation_date, n.status = row.status, n.countries = row.countries;

LOAD CSV WITH HEADERS FROM 'file:///nodes-officers.csv' AS row
MERGE (n:Officer {node_id: row.node_id})
SET n.name = row.name, n.countries = row.countries;

LOAD CSV WITH HEADERS FROM 'file:///nodes-intermediaries.csv' AS row
MERGE (n:Intermediary {node_id: row.node_id})
SET n.name = row.name, n.status = row.status, n.countries = row.countries;

LOAD CSV WITH HEADERS FROM 'file:///nodes-addresses.csv' AS row
MERGE (n:Address {node_id: row.node_id})
SET n.address = row.address, n.countries = row.countries;

MATCH ()-[r:OFFICER_OF]->() DELETE r;
MATCH ()-[r:INTERMEDIARY_OF]->() DELETE r;
MATCH ()-[r:REGISTERED_ADDRESS]->() DELETE r;

// The type of a relationship cannot be a variable: one statement for each.
LOAD CSV WITH HEADERS FROM 'file:///relationships.csv' AS row
WITH row WHERE row.rel_type = 'officer_of'
MATCH (a:Officer {node_id: row.node_id_start})
MATCH (b:Entity {node_id: row.node_id_end})
CREATE (a)-[:OFFICER_OF {link: row.link, start_date: row.start_date}]->(b);

LOAD CSV WITH HEADERS FROM 'file:///relationships.csv' AS row
WITH row WHERE row.rel_type = 'intermediary_of'
MATCH (a:Intermediary {node_id: row.node_id_start})
MATCH (b:Entity {node_id: row.node_id_end})
CREATE (a)-[:INTERMEDIARY_OF {start_date: row.start_date}]->(b);

LOAD CSV WITH HEADERS FROM 'file:///relationships.csv' AS row
WITH row WHERE row.rel_type = 'registered_address'
MATCH (a:Officer {node_id: row.node_id_start})
MATCH (b:Address {node_id: row.node_id_end})
CREATE (a)-[:REGISTERED_ADDRESS]->(b);
