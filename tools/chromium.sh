#!/bin/sh
# Have Chromium: Debian's package, installed if there is none.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "This needs Chromium as the command 'chromium', and there is no apt-get to" >&2
    echo "install Debian's package with. Install it in your system's way; run make again." >&2
    exit 1
fi
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium
