#!/bin/sh
# The whale says one of the lines of sayings.txt.
exec whale.sh "$(shuf -n 1 /usr/share/sayings.txt)"
