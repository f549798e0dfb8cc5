"""Cypher over Neo4j's HTTP API, which needs no driver. NEO4J_URL says where; the user and the password are in a secret."""
import base64
import json
import os
import urllib.request
from pathlib import Path


def cypher(statement, **parameters):
    """The rows that a statement returns, as dicts. Values go in as parameters, `$name`, never into the text."""
    body = {'statements': [{'statement': statement, 'parameters': parameters}]}
    request = urllib.request.Request(f"{os.environ['NEO4J_URL']}/db/neo4j/tx/commit", json.dumps(body).encode(), headers())
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    if answer['errors']:
        raise RuntimeError(answer['errors'][0]['message'])
    result = answer['results'][0]
    return [dict(zip(result['columns'], each['row'])) for each in result['data']]


def headers():
    user, password = Path('/run/secrets/neo4j-auth').read_text().strip().split('/', 1)
    given = base64.b64encode(f'{user}:{password}'.encode()).decode()
    return {'Content-Type': 'application/json', 'Authorization': f'Basic {given}'}
