#!/bin/sh
# Runs a command as jovyan, who may write in ~/work whoever owns that folder on the host, and never as root.
set -eu

HOME=/home/jovyan
WORK=$HOME/work
export HOME

say() { echo "entrypoint: $*" >&2; }

main() {
  if [ "$(id -u)" = 0 ]; then
    share_work
    # No new privileges: from here on there is no way back to root.
    exec setpriv --reuid=jovyan --regid=jovyan --init-groups --inh-caps=-all --no-new-privs "$@"
  fi
  # Another user was chosen in stack.yaml: it needs some home of its own.
  [ -w "$HOME" ] || HOME=$(mktemp -d)
  exec "$@"
}

share_work() {
  owner=$(stat -c %u "$WORK")
  if [ "$owner" != 0 ]; then
    become "$owner" "$(stat -c %g "$WORK")"
  elif ! jovyan_may_write; then
    admit_jovyan
  fi
}

# Gives jovyan the numbers of the folder's owner, so that new files belong to the person on the host.
become() {
  group=$2
  # Not the group of root, though.
  [ "$group" != 0 ] || group=$(id -g jovyan)
  [ "$1:$group" != "$(id -u jovyan):$(id -g jovyan)" ] || return 0
  sed -i "s/^jovyan:x:[0-9]*:[0-9]*:/jovyan:x:$1:$group:/" /etc/passwd
  sed -i "s/^jovyan:x:[0-9]*:/jovyan:x:$group:/" /etc/group
  find "$HOME" -path "$WORK" -prune -o -exec chown -h "$1:$group" {} +
}

jovyan_may_write() {
  unwritable=$(as_jovyan find "$WORK" ! -type l ! -writable -print -quit 2> /dev/null) && [ -z "$unwritable" ]
}

as_jovyan() { setpriv --reuid=jovyan --regid=jovyan --init-groups "$@"; }

# The folder is root's: jovyan is let in beside root. Where the file system knows no such lists, it becomes jovyan's.
admit_jovyan() {
  setfacl -R -m u:jovyan:rwX,d:u:jovyan:rwX "$WORK" 2> /dev/null && return
  chown -R jovyan:jovyan "$WORK" 2> /dev/null && return
  say "$WORK is root's and cannot be shared: notebooks cannot be saved"
}

main "$@"
