import type { DumpFamily } from '../../transfer.ts'

/**
 * Scripts for `sh -c` in a container that runs a database server. They use the clients of the server's own image and the passwords that its
 * variables hold or name, so that no password leaves the container.
 */
interface Scripts {
  /** Writes SQL to stdout. */
  out: string
  /** Reads SQL from stdin. */
  in: string
}

/** `value NAME` prints a variable, or the content of the file that NAME_FILE names. */
const VALUE = `set -eu
value() {
  eval "text=\\\${$1-} file=\\\${$1_FILE-}"
  if [ -n "$text" ]; then printf %s "$text"; elif [ -n "$file" ]; then cat "$file"; fi
}
first() {
  for name; do found=$(value "$name"); [ -z "$found" ] || { printf %s "$found"; return 0; }; done
}
`

/** As root, or as the server's user if root's password is unknown. */
const MYSQL = `${VALUE}
client=$(command -v mariadb || command -v mysql)
dump=$(command -v mariadb-dump || command -v mysqldump)
user=root
MYSQL_PWD=$(first MYSQL_ROOT_PASSWORD MARIADB_ROOT_PASSWORD)
if [ -z "$MYSQL_PWD" ] && [ -n "$(first MYSQL_PASSWORD MARIADB_PASSWORD)" ]; then
  [ -n "\${MYSQL_ALLOW_EMPTY_PASSWORD-}\${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD-}" ] || {
    user=$(first MYSQL_USER MARIADB_USER)
    MYSQL_PWD=$(first MYSQL_PASSWORD MARIADB_PASSWORD)
  }
fi
export MYSQL_PWD
`

/**
 * Rows come in the order of their primary keys, without dates and positions of logs. `mysql.*` holds users with hashes of their passwords,
 * and stays.
 */
const MYSQL_OUT = `${MYSQL}
names=$("$client" --user="$user" --skip-column-names --batch --execute="SELECT SCHEMA_NAME FROM information_schema.SCHEMATA
  WHERE SCHEMA_NAME NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema', 'ndbinfo') ORDER BY SCHEMA_NAME")
set --
while IFS= read -r name; do [ -z "$name" ] || set -- "$@" "$name"; done <<END
$names
END
[ $# -gt 0 ] || exit 0
gtid=
"$dump" --help | grep -q -e '--set-gtid-purged' && gtid=--set-gtid-purged=OFF
exec "$dump" --user="$user" $gtid --single-transaction --quick --routines --events --triggers --hex-blob \\
  --no-tablespaces --skip-dump-date --order-by-primary --add-drop-database --databases "$@"
`

const MYSQL_IN = `${MYSQL}
exec "$client" --user="$user" --binary-mode --batch
`

const POSTGRES = `${VALUE}
PGPASSWORD=$(first POSTGRES_PASSWORD POSTGRESQL_PASSWORD)
PGUSER=$(first POSTGRES_USER POSTGRESQL_USERNAME)
PGUSER=\${PGUSER:-postgres}
export PGPASSWORD PGUSER
ask() { psql --no-psqlrc --quiet --no-align --tuples-only --dbname=template1 --set=ON_ERROR_STOP=1 --command="$1"; }
`

/**
 * Roles come first, since they own tables, without their passwords, and cannot log in until they get one. A database is dropped while a
 * health test may be connected to it. \`postgres\` exists on every server and is not dropped. Newer clients write a random key unless they
 * are given one.
 */
const POSTGRES_OUT = `${POSTGRES}
key=
pg_dump --help | grep -q -e --restrict-key && key=--restrict-key=flotilla
ask "SELECT format('DO \\$do\\$ BEGIN CREATE ROLE %I; EXCEPTION WHEN duplicate_object THEN NULL; END \\$do\\$;', rolname)
  FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname"
ask "SELECT format('GRANT %I TO %I;', a.rolname, b.rolname) FROM pg_auth_members m JOIN pg_roles a ON a.oid = m.roleid
  JOIN pg_roles b ON b.oid = m.member WHERE b.rolname !~ '^pg_' ORDER BY a.rolname, b.rolname"
force=
[ "$(ask 'SHOW server_version_num')" -lt 130000 ] || force=' WITH (FORCE)'
one() {
  if [ "$1" = postgres ]; then
    printf '%s\n' '\\connect postgres'
    pg_dump $key --clean --if-exists --dbname=postgres
  else
    printf '%s\n' '\\connect template1'
    ask "SELECT format('DROP DATABASE IF EXISTS %I$force;', datname) FROM pg_database WHERE datname = \\$n\\$$1\\$n\\$"
    pg_dump $key --clean --if-exists --create --dbname="$1"
  fi
}
names=$(ask 'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname')
while IFS= read -r name; do [ -z "$name" ] || one "$name" </dev/null; done <<END
$names
END
`

const POSTGRES_IN = `${POSTGRES}
exec psql --no-psqlrc --quiet --dbname=template1 --set=ON_ERROR_STOP=1 --output=/dev/null --file=-
`

export const DUMP_SCRIPTS: Record<DumpFamily, Scripts> = {
  mysql: { out: MYSQL_OUT, in: MYSQL_IN },
  postgresql: { out: POSTGRES_OUT, in: POSTGRES_IN },
}
