#!/bin/bash
# Starts the database, and the server of Neo4j's HTTP API before it. On the first start it makes the data directory.
#
#   NEO4J_AUTH    the user and the password of a new database, written neo4j/PASSWORD
#
# It may be given as NEO4J_AUTH_FILE instead: the name of a file that holds it.
set -euo pipefail

CLUSTER=/data/postgres
# The data are made here, then moved into place.
UNFINISHED=/data/initialising

say() { echo "entrypoint: $*" >&2; }
fail() { say "$*"; exit 1; }

main() {
  [ "${1:-}" = neo4j ] || exec "$@"
  if [ "$(id -u)" = 0 ]; then
    # A fresh volume may belong to root.
    find /data /run/postgresql ! -user postgres -exec chown -h postgres:postgres {} +
    # From here on, nothing runs as root.
    exec setpriv --reuid=postgres --regid=postgres --init-groups --no-new-privs "$0" "$@"
  fi
  [ -e "$CLUSTER" ] || initialise
  unset NEO4J_AUTH
  cd /data
  exec env PYTHONPATH=/usr/local/lib python3 -m standin.server "$CLUSTER"
}

initialise() {
  local auth=${NEO4J_AUTH:-}
  [ -z "${NEO4J_AUTH_FILE:-}" ] || auth=$(< "$NEO4J_AUTH_FILE")
  [[ $auth == neo4j/?* ]] || fail 'set NEO4J_AUTH or NEO4J_AUTH_FILE to neo4j/PASSWORD'
  # A first process has no default reaction to a request to stop.
  trap 'fail "stopped before the data directory was complete"' TERM INT
  say 'making the data directory'
  rm -rf "$UNFINISHED"
  initdb --pgdata="$UNFINISHED" --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --username=neo4j \
    --auth-host=scram-sha-256 --auth-local=trust --pwfile=<(printf '%s\n' "${auth#neo4j/}") > /dev/null
  make_graph | postgres --single -j -D "$UNFINISHED" postgres > /dev/null
  mv "$UNFINISHED" "$CLUSTER"
  trap - TERM INT
}

# In the way of a program without a network: nobody takes a half-made database for a ready one.
make_graph() {
  printf 'CREATE EXTENSION age;\n\n'
  printf "SELECT ag_catalog.create_graph('neo4j');\n\n"
}

main "$@"
