#!/bin/bash
# Starts MySQL. On the first start it makes the data directory and what the environment names, and loads what lies in
# /docker-entrypoint-initdb.d (*.sql, *.sql.gz and *.sh, in the order of their names).
#
#   MYSQL_ROOT_PASSWORD            the password of root (required)
#   MYSQL_DATABASE                 a database to make
#   MYSQL_USER, MYSQL_PASSWORD     a user to make, with all rights on that database
#
# A password may be given as NAME_FILE instead: the name of a file that holds it.
set -euo pipefail

DATA=/var/lib/mysql
SEEDS=/docker-entrypoint-initdb.d
PRIVATE_SOCKET=/run/mysqld/initialising.sock
# The data are made here, then moved into place, and last of all the file that tells a complete data directory.
# (Not a hidden folder: the server would not find its own files there.)
UNFINISHED=$DATA/initialising
TELLTALE=mysql.ibd

say() { echo "entrypoint: $*" >&2; }
fail() { say "$*"; exit 1; }

main() {
  [ "${1:-}" = mysqld ] || exec "$@"
  if [ "$(id -u)" = 0 ]; then
    prepare_as_root
    # From here on, nothing runs as root.
    exec setpriv --reuid=mysql --regid=mysql --init-groups --no-new-privs "$0" "$@"
  fi
  [ -e "$DATA/$TELLTALE" ] || initialise "$@"
  unset MYSQL_ROOT_PASSWORD MYSQL_PASSWORD
  exec "$@"
}

# A fresh volume may belong to root, and a secret's file may be root's alone.
prepare_as_root() {
  mkdir -p /run/mysqld
  find "$DATA" /run/mysqld ! -user mysql -exec chown -h mysql:mysql {} +
  [ -e "$DATA/$TELLTALE" ] || read_passwords
}

read_passwords() {
  read_secret MYSQL_ROOT_PASSWORD
  read_secret MYSQL_PASSWORD
  unset MYSQL_ROOT_PASSWORD_FILE MYSQL_PASSWORD_FILE
}

# Sets and exports a variable from the file that NAME_FILE names.
read_secret() {
  local name=$1 file_variable="$1_FILE"
  local file=${!file_variable:-}
  [ -n "$file" ] || return 0
  [ -z "${!name:-}" ] || fail "set $name or $file_variable, not both"
  [ -r "$file" ] || fail "$file_variable names $file, which cannot be read"
  export "$name=$(< "$file")"
}

initialise() {
  read_passwords
  [ -n "${MYSQL_ROOT_PASSWORD:-}" ] || fail 'set MYSQL_ROOT_PASSWORD or MYSQL_ROOT_PASSWORD_FILE'
  # A first process has no default reaction to a request to stop.
  trap 'fail "stopped before the data directory was complete"' TERM INT
  clear_unfinished
  say 'making the data directory'
  "$@" --datadir="$UNFINISHED" --initialize-insecure
  start_private_server "$@"
  account_statements | client --database=mysql
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
    find "$DATA" -mindepth 1 ! -path "$UNFINISHED" ! -name lost+found -delete
  elif [ -n "$(find "$DATA" -mindepth 1 ! -name lost+found -print -quit)" ]; then
    fail "$DATA holds something that is not a data directory: use an empty volume"
  fi
  mkdir -p "$UNFINISHED"
}

# A server that nobody else can reach, so that nothing takes a half-made database for a ready one.
start_private_server() {
  "$@" --datadir="$UNFINISHED" --skip-networking --socket="$PRIVATE_SOCKET" &
  server=$!
  until client -e 'SELECT 1' > /dev/null 2>&1; do
    kill -0 "$server" 2> /dev/null || fail 'the server ended before it was ready'
    sleep 0.1
  done
}

stop_private_server() {
  kill "$server"
  wait "$server"
}

client() {
  mysql --defaults-extra-file=<(client_options) --socket="$PRIVATE_SOCKET" --user=root --comments "$@"
}

# root has no password until the accounts are made.
client_options() { printf '[client]\npassword=%s\n' "$(quoted "${client_password:-}")"; }

account_statements() {
  local password
  password=$(quoted "$MYSQL_ROOT_PASSWORD")
  echo "CREATE USER root@'%' IDENTIFIED BY $password; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
  [ -z "${MYSQL_DATABASE:-}" ] || echo "CREATE DATABASE IF NOT EXISTS $(identifier "$MYSQL_DATABASE");"
  [ -z "${MYSQL_USER:-}" ] || user_statements
  # Last: it shuts out whoever has no password, also this client.
  echo "ALTER USER root@localhost IDENTIFIED BY $password;"
}

user_statements() {
  local user
  user="$(quoted "$MYSQL_USER")@'%'"
  echo "CREATE USER $user IDENTIFIED BY $(quoted "${MYSQL_PASSWORD:?is needed with MYSQL_USER}");"
  # In a grant, _ and % would stand for other characters.
  [ -z "${MYSQL_DATABASE:-}" ] || echo "GRANT ALL ON $(identifier "${MYSQL_DATABASE//_/\\_}").* TO $user;"
}

quoted() {
  local text=${1//\\/\\\\}
  echo "'${text//\'/\\\'}'"
}

identifier() { echo "\`${1//\`/\`\`}\`"; }

load_seeds() {
  client_password=$MYSQL_ROOT_PASSWORD
  local file
  for file in "$SEEDS"/*; do
    case $file in
      *.sql) say "loading $file"; client ${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} < "$file" ;;
      *.sql.gz) say "loading $file"; gunzip -c "$file" | client ${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} ;;
      *.sh) say "running $file"; bash "$file" ;;
    esac
  done
}

move_into_place() {
  find "$UNFINISHED" -mindepth 1 -maxdepth 1 ! -name "$TELLTALE" -exec mv -t "$DATA" {} +
  sync
  mv "$UNFINISHED/$TELLTALE" "$DATA"
  rmdir "$UNFINISHED"
}

main "$@"
