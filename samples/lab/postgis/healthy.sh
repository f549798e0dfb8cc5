#!/bin/bash
# Whether the server answers a query over the network, for a user who has to give a password.
set -euo pipefail
PGPASSWORD=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:-/dev/null}")}
export PGPASSWORD PGCONNECT_TIMEOUT=3
user=${POSTGRES_USER:-postgres}
exec psql --no-psqlrc --quiet --no-align --tuples-only --host=127.0.0.1 --username="$user" \
  --dbname="${POSTGRES_DB:-$user}" --command='SELECT postgis_lib_version()'
