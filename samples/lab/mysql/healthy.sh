#!/bin/bash
# Whether the server answers a query over the network, for a user who has to give a password. (`mysqladmin ping` is
# content with a server that refuses the password.) The password is on no command line, where others could see it.
set -euo pipefail
password=$(cat "${MYSQL_ROOT_PASSWORD_FILE:-/dev/null}")
password=${password:-${MYSQL_ROOT_PASSWORD:-}}
password=${password//\\/\\\\}
exec mysql --defaults-extra-file=<(printf "[client]\npassword='%s'\n" "${password//\'/\\\'}") \
  --host=127.0.0.1 --user=root --connect-timeout=3 --execute='SELECT 1'
