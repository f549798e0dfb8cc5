"""cypher-shell, as far as the samples use it: statements from an argument, a file or the standard input, results as `--format plain`."""
import argparse
import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

from .text import statements


def arguments():
    parser = argparse.ArgumentParser('cypher-shell')
    parser.add_argument('-a', '--address', default=os.environ.get('NEO4J_ADDRESS', 'neo4j://localhost:7687'))
    parser.add_argument('-u', '--username', default=os.environ.get('NEO4J_USERNAME', ''))
    parser.add_argument('-p', '--password', default=os.environ.get('NEO4J_PASSWORD', ''))
    parser.add_argument('-f', '--file')
    parser.add_argument('--format', choices=['auto', 'plain', 'verbose'], default='auto', help='all of them print plain')
    parser.add_argument('cypher', nargs='?')
    return parser.parse_args()


def ask(options, statement):
    """The result of one statement: each is a transaction, as in the real shell."""
    host = urllib.parse.urlsplit(options.address).hostname
    given = base64.b64encode(f'{options.username}:{options.password}'.encode()).decode()
    headers = {'Content-Type': 'application/json', 'Authorization': f'Basic {given}'}
    body = json.dumps({'statements': [{'statement': statement}]}).encode()
    request = urllib.request.Request(f'http://{host}:7474/db/neo4j/tx/commit', body, headers)
    try:
        answer = json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    except OSError as error:
        sys.exit(f'{options.address}: {error}')
    if answer['errors']:
        sys.exit(answer['errors'][0]['message'])
    return answer['results'][0]


def show(result):
    if not result['columns']:
        return
    print(', '.join(result['columns']))
    for each in result['data']:
        print(', '.join(json.dumps(value, ensure_ascii=False) if value is not None else 'NULL' for value in each['row']))


def main():
    options = arguments()
    script = options.cypher or (open(options.file) if options.file else sys.stdin).read()
    for statement in statements(script):
        show(ask(options, statement))


main()
