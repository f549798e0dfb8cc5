"""Runs Cypher in Apache AGE: each statement with parameters, in one transaction with those beside it."""
import csv
import json
import re

import psycopg2

from .text import columns, without_comments

GRAPH = 'neo4j'
IMPORT = '/import/'
CONSTRAINT = re.compile(
    r'CREATE\s+CONSTRAINT\s+(?:\w+\s+)?IF\s+NOT\s+EXISTS\s+FOR\s*\((\w+):(\w+)\)\s*REQUIRE\s+\1\.(\w+)\s+IS\s+UNIQUE$', re.I)
LOAD_CSV = re.compile(r"LOAD\s+CSV\s+WITH\s+HEADERS\s+FROM\s+'file:///([\w./-]+)'\s+AS\s+(\w+)\b", re.I)
FILTER = re.compile(r"\s*WITH\s+(\w+)\s+WHERE\s+\1\.(\w+)\s*=\s*'(\w*)'\s+(?=MATCH|MERGE|CREATE)", re.I)
UNWIND = re.compile(r'UNWIND\s+\$(\w+)\s+AS\s+(\w+)\b', re.I)


def connect(user, password):
    """A connection as that user: PostgreSQL checks the password. Refused ones raise psycopg2.OperationalError."""
    connection = psycopg2.connect(host='127.0.0.1', dbname='postgres', user=user, password=password, connect_timeout=5)
    with connection.cursor() as cursor:
        cursor.execute('SET search_path = ag_catalog, public')
        # Labels are small tables, whose searches by a property take its index and are not worth compiling.
        cursor.execute('SET enable_seqscan = off; SET jit = off')
    connection.commit()
    return connection


def run(cursor, statement, parameters):
    """The names of the columns, and the rows, of plain values."""
    statement = without_comments(statement).strip().rstrip(';').strip()
    constraint = CONSTRAINT.match(statement)
    if constraint:
        return require_unique(cursor, constraint[2], constraint[3])
    source = LOAD_CSV.match(statement)
    if source:
        return for_each(cursor, source[2], *filtered(statement[source.end():], rows_of(source[1])))
    unwind = UNWIND.match(statement)
    if unwind and not columns(statement):
        return for_each(cursor, unwind[2], statement[unwind.end():], parameters[unwind[1]])
    return query(cursor, statement, parameters)


def require_unique(cursor, label, key):
    """A label's table, with an index that keeps the property unique, and one that searches by properties."""
    cursor.execute('SELECT 1 FROM ag_label WHERE name = %s', (label,))
    if not cursor.fetchone():
        cursor.execute('SELECT create_vlabel(%s, %s)', (GRAPH, label))
    table = f'{GRAPH}."{label}"'
    value = f"agtype_access_operator(VARIADIC ARRAY[properties, '\"{key}\"'::agtype])"
    cursor.execute(f'CREATE UNIQUE INDEX IF NOT EXISTS "{label}_{key}" ON {table} ({value})')
    cursor.execute(f'CREATE INDEX IF NOT EXISTS "{label}_properties" ON {table} USING gin (properties) WITH (fastupdate = off)')
    return [], []


def rows_of(path):
    """The rows of a CSV file in the import folder. As in Neo4j, an empty field is null."""
    if '..' in path:
        raise ValueError(f'{path} is outside the import folder')
    with open(IMPORT + path, encoding='utf-8', newline='') as file:
        return [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]


def filtered(rest, rows):
    """The statement without a first `WITH row WHERE row.key = 'value'`, and the rows that pass it: most would be executed in vain."""
    found = FILTER.match(rest)
    if not found:
        return rest, rows
    return rest[found.end():], [row for row in rows if row.get(found[2]) == found[3]]


def for_each(cursor, name, rest, rows):
    """One execution a row: AGE's MERGE would not see what the rows before it made in the same execution."""
    cursor.execute(f'PREPARE each_row(agtype) AS {select(f"WITH ${name} AS {name} {rest}", 1)}')
    for row in rows:
        cursor.execute('EXECUTE each_row(%s)', (json.dumps({name: row}),))
    cursor.execute('DEALLOCATE each_row')
    return [], []


def query(cursor, statement, parameters):
    names = columns(statement)
    cursor.execute(f'PREPARE query(agtype) AS {select(statement, max(1, len(names)))}')
    cursor.execute('EXECUTE query(%s)', (json.dumps(parameters),))
    rows = [[plain(value) for value in row] for row in cursor.fetchall()] if names else []
    cursor.execute('DEALLOCATE query')
    return names, rows


def select(statement, width):
    if '$cypher$' in statement:
        raise ValueError('$cypher$ cannot be part of a statement')
    returned = ', '.join(f'c{index} agtype' for index in range(width))
    return f"SELECT * FROM cypher('{GRAPH}', $cypher$ {statement} $cypher$, $1) AS ({returned})"


TYPE = re.compile(r'("(?:[^"\\]|\\.)*")|::\w+')


def plain(value):
    """The value of an agtype's text. Of a node or a relationship: its properties, as in a `row` of Neo4j."""
    if value is None:
        return None
    return properties(json.loads(TYPE.sub(lambda found: found[1] or '', value)))


def properties(value):
    if isinstance(value, list):
        return [properties(each) for each in value]
    if not isinstance(value, dict):
        return value
    return value['properties'] if {'id', 'label', 'properties'} <= value.keys() else value
