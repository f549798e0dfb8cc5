"""Neo4j's HTTP API, as far as the samples use it: GET / and POST /db/neo4j/tx/commit. PostgreSQL is its child, and ends with it."""
import base64
import json
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

from .database import connect, run

PORT = 7474
LIMIT = 64 * 2**20
COMMIT = '/db/neo4j/tx/commit'
ABOUT = {'transaction': '/db/{databaseName}/tx', 'stand_in': 'openCypher by Apache AGE'}


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        self.answer(200, ABOUT) if self.path == '/' else self.fail(404, 'Request.Invalid', 'Not found.')

    def do_POST(self):
        size = int(self.headers.get('content-length') or 0)
        if not 0 < size <= LIMIT:
            return self.fail(413, 'Request.Invalid', 'A body of at most 64 MiB is needed.')
        body = self.rfile.read(size)
        if self.path != COMMIT:
            return self.fail(404, 'Request.Invalid', f'There is only {COMMIT}.')
        try:
            wanted = json.loads(body)['statements']
            connection = connect(*credentials(self.headers.get('authorization', '')))
        except psycopg2.OperationalError as error:
            return self.refuse(str(error))
        except (ValueError, KeyError, TypeError):
            return self.fail(400, 'Request.InvalidFormat', 'The body is not a request of this API.')
        self.answer(200, transaction(connection, wanted))

    def refuse(self, reason):
        if 'password' in reason or 'role' in reason:
            return self.fail(401, 'Security.Unauthorized', 'Invalid username or password.')
        self.fail(503, 'General.DatabaseUnavailable', 'The database does not answer yet.')

    def fail(self, status, code, message):
        self.answer(status, {'results': [], 'errors': [{'code': f'Neo.ClientError.{code}', 'message': message}]})

    def answer(self, status, content):
        body = json.dumps(content, separators=(',', ':')).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        if status == 401:
            self.send_header('WWW-Authenticate', 'Basic realm="Neo4j"')
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code='-', size='-'):
        """Requests are not logged, as in Neo4j; faults are."""


def credentials(header):
    """User and password of a basic authorization."""
    scheme, _, value = header.partition(' ')
    if scheme.lower() != 'basic':
        return 'nobody', 'none'
    user, _, password = base64.b64decode(value).decode().partition(':')
    return user, password or 'none'


def transaction(connection, wanted):
    """All statements, or none of them."""
    results = []
    try:
        with connection, connection.cursor() as cursor:
            for each in wanted:
                names, rows = run(cursor, each['statement'], each.get('parameters') or {})
                results.append({'columns': names, 'data': [{'row': row} for row in rows]})
        return {'results': results, 'errors': []}
    except (psycopg2.Error, ValueError, KeyError, TypeError, OSError) as error:
        message = str(error).split('\n')[0]
        return {'results': [], 'errors': [{'code': 'Neo.ClientError.Statement.ExecutionFailed', 'message': message}]}
    finally:
        connection.close()


def main(cluster):
    options = ['-c', 'shared_preload_libraries=age', '-c', 'listen_addresses=127.0.0.1']
    database = subprocess.Popen(['postgres', '-D', cluster, *options])
    for number in (signal.SIGTERM, signal.SIGINT):
        # A fast shutdown: open sessions end, and everything is written.
        signal.signal(number, lambda *_: database.send_signal(signal.SIGINT))
    server = ThreadingHTTPServer(('', PORT), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.exit(database.wait())


main(sys.argv[1])
