#!/bin/bash
# Starts PostgreSQL. On the first start it makes the data directory and what the environment names, adds PostGIS to the
# database, and loads what lies in /docker-entrypoint-initdb.d (*.sql, *.sql.gz and *.sh, in the order of their names).
#
#   POSTGRES_PASSWORD     the password of POSTGRES_USER (required)
#   POSTGRES_USER         the superuser (default: postgres)
#   POSTGRES_DB           the database (default: named like the user)
#   PGDATA                where the data directory is
#
# The password may be given as POSTGRES_PASSWORD_FILE instead: the name of a file that holds it.
set -euo pipefail

SEEDS=/docker-entrypoint-initdb.d
# The data are made here, then moved into place, and last of all the file that tells a complete data directory.
UNFINISHED=$PGDATA/.initialising
TELLTALE=PG_VERSION
PRIVATE_SOCKETS=/run/postgresql/initialising

export POSTGRES_USER=${POSTGRES_USER:-postgres}
export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}

say() { echo "entrypoint: $*" >&2; }
fail() { say "$*"; exit 1; }

main() {
  [ "${1:-}" = postgres ] || exec "$@"
  if [ "$(id -u)" = 0 ]; then
    prepare_as_root
    # From here on, nothing runs as root.
    exec setpriv --reuid=postgres --regid=postgres --init-groups --no-new-privs "$0" "$@"
  fi
  [ -e "$PGDATA/$TELLTALE" ] || initialise
  unset POSTGRES_PASSWORD
  exec "$@"
}

# A fresh volume may belong to root, and a secret's file may be root's alone.
prepare_as_root() {
  mkdir -p "$PGDATA" /run/postgresql
  chmod 700 "$PGDATA"
  find "$PGDATA" /run/postgresql ! -user postgres -exec chown -h postgres:postgres {} +
  [ -e "$PGDATA/$TELLTALE" ] || read_password
}

read_password() {
  local file=${POSTGRES_PASSWORD_FILE:-}
  [ -n "$file" ] || return 0
  [ -z "${POSTGRES_PASSWORD:-}" ] || fail 'set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, not both'
  [ -r "$file" ] || fail "POSTGRES_PASSWORD_FILE names $file, which cannot be read"
  POSTGRES_PASSWORD=$(< "$file")
  export POSTGRES_PASSWORD
  unset POSTGRES_PASSWORD_FILE
}

initialise() {
  read_password
  [ -n "${POSTGRES_PASSWORD:-}" ] || fail 'set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE'
  # A first process has no default reaction to a request to stop.
  trap 'fail "stopped before the data directory was complete"' TERM INT
  clear_unfinished
  make_data_directory
  start_private_server
  make_database
  load_seeds
  stop_private_server
  move_into_place
  trap - TERM INT
  say 'the data directory is complete'
}

# Discards only the remains of an initialisation that was cut short. Other data are never touched.
clear_unfinished() {
  if [ -e "$UNFINISHED" ]; then
    say 'an earlier initialisation was cut short: beginning again'
    find "$PGDATA" -mindepth 1 ! -path "$UNFINISHED" ! -name lost+found -delete
  elif [ -n "$(find "$PGDATA" -mindepth 1 ! -name lost+found -print -quit)" ]; then
    fail "$PGDATA holds something that is not a data directory: use an empty volume"
  fi
  mkdir -p "$UNFINISHED"
}

make_data_directory() {
  say 'making the data directory'
  initdb --pgdata="$UNFINISHED" --username="$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD") \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 > /dev/null
  echo 'host all all all scram-sha-256' >> "$UNFINISHED/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$UNFINISHED/postgresql.conf"
}

# A server that nobody else can reach, so that nothing takes a half-made database for a ready one.
start_private_server() {
  mkdir -p "$PRIVATE_SOCKETS"
  pg_ctl --pgdata="$UNFINISHED" --wait --silent --options="-c listen_addresses='' -k $PRIVATE_SOCKETS" start
}

stop_private_server() { pg_ctl --pgdata="$UNFINISHED" --wait --silent --mode=fast stop; }

client() {
  PGHOST=$PRIVATE_SOCKETS psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" "$@"
}

make_database() {
  [ "$POSTGRES_DB" = postgres ] || client --dbname=postgres --set=name="$POSTGRES_DB" <<< 'CREATE DATABASE :"name"'
  client --dbname="$POSTGRES_DB" --command='CREATE EXTENSION postgis'
}

load_seeds() {
  local file
  for file in "$SEEDS"/*; do
    case $file in
      *.sql) say "loading $file"; client --dbname="$POSTGRES_DB" --output=/dev/null --file="$file" ;;
      *.sql.gz) say "loading $file"; gunzip -c "$file" | client --dbname="$POSTGRES_DB" --output=/dev/null ;;
      *.sh) say "running $file"; PGHOST=$PRIVATE_SOCKETS bash "$file" ;;
    esac
  done
}

move_into_place() {
  find "$UNFINISHED" -mindepth 1 -maxdepth 1 ! -name "$TELLTALE" -exec mv -t "$PGDATA" {} +
  sync
  mv "$UNFINISHED/$TELLTALE" "$PGDATA"
  rmdir "$UNFINISHED"
}

main "$@"
