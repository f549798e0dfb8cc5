#!/bin/sh
# The whale says its arguments, or what the image was built to say.
exec cowsay -f whale "${@:-$SAYS}"
