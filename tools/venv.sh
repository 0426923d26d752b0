#!/bin/sh
# Make .venv, or bring it up to date:
#
#     sh tools/venv.sh learner       what the notebooks need
#     sh tools/venv.sh maintainer    that, and what the tests need
#     sh tools/venv.sh room          that, and what slides and browser tests need
#
# Needs a shell and Python 3.11 to 3.13. $PYTHON names the Python to use. When nothing
# has changed since the last run, it does nothing.
set -eu
cd "$(dirname "$0")/.."

role=${1:-learner}
venv_python=.venv/bin/python
# A configuration that installs for the user would stop pip inside a venv.
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1

stop() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

version_of() {
    "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null
}

is_suitable() {
    case "$1" in 3.11.* | 3.12.* | 3.13.*) true ;; *) false ;; esac
}

# Set $python to the newest suitable Python that really runs, or say what is missing.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3.13 python3.12 python3.11 python3 python
    fi
    unsuitable='' without_venv=''
    for candidate in "$@"; do
        version=$(version_of "$candidate") || continue
        if ! is_suitable "$version"; then
            unsuitable="$unsuitable $candidate is $version;"
        elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            without_venv=$version
        else
            python=$candidate
            return
        fi
    done
    explain_missing
}

explain_missing() {
    if [ -n "$without_venv" ]; then
        stop "Python $without_venv is here, but it cannot make a virtual environment:" \
            "its venv or ensurepip module is missing." \
            "  Debian, Ubuntu:  apt-get install python3-venv   (with sudo if need be)" \
            "Then run make again."
    fi
    found="none was found"
    [ -z "$unsuitable" ] || found="found only:${unsuitable%;}"
    [ -z "${PYTHON:-}" ] || [ -n "$unsuitable" ] || found="PYTHON=$PYTHON does not run"
    stop "This workbook needs Python 3.11, 3.12 or 3.13; $found." \
        "  Debian, Ubuntu:  apt-get install python3 python3-venv" \
        "  Fedora:          dnf install python3.13" \
        "  macOS:           brew install python@3.13, or the installer of python.org" \
        "If you have one elsewhere, name it:  make lab PYTHON=/path/to/python3.12"
}

# Which Python .venv should have; empty when any suitable one will do.
asked_version() {
    [ -z "${PYTHON:-}" ] || version_of "$PYTHON" || echo 'none'
}

is_usable() {
    now=$(version_of $venv_python) && is_suitable "$now" || return 1
    asked=$(asked_version)
    [ -z "$asked" ] || [ "$asked" = "$now" ]
}

# A venv made by another tool may have no pip: give it one.
has_pip() {
    $venv_python -m pip --version >/dev/null 2>&1 ||
        $venv_python -m ensurepip >/dev/null 2>&1
}

make_venv() {
    find_python
    echo "Making .venv with $python ($(version_of "$python")) ..."
    "$python" -m venv --clear .venv ||
        stop "Python could not make .venv (see above)." \
            "Is the disk full, or this folder read-only? Then run make again."
}

install() {
    $venv_python -m pip install $quiet "$@" ||
        stop "pip could not install the packages (see above)." \
            "Most often the network or a proxy is the reason: pip reads HTTPS_PROXY and its" \
            "own settings (pip config list). Then run make again: it goes on where it was."
}

for_learner="$(cat requirements.txt requirements.in pyproject.toml binder/overrides.json |
    cksum) $(pwd -P)"
for_maintainer="$for_learner $(cksum <requirements-dev.txt)"
for_room="$for_maintainer $(cksum <requirements-room.txt)"
files='-r requirements.txt'
case "$role" in
learner) wanted=$for_learner ;;
maintainer) wanted=$for_maintainer files="$files -r requirements-dev.txt" ;;
room)
    wanted=$for_room files="$files -r requirements-dev.txt -r requirements-room.txt"
    ;;
esac
stamp=.venv/.ready-for-$role
if is_usable && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

if is_usable && has_pip; then
    echo "Bringing the packages in .venv up to date ..."
else
    make_venv
    case "$role" in learner) size='700 MB' ;; *) size='1 GB' ;; esac
    echo "Installing the packages in .venv: a minute or two, about $size ..."
fi
rm -f .venv/.ready-for-*
quiet=''
[ -t 1 ] || quiet='--quiet'
install $files
install --no-deps -e .
# JupyterLab asks a newcomer about news, over the page: our settings answer.
mkdir -p .venv/share/jupyter/lab/settings
cp binder/overrides.json .venv/share/jupyter/lab/settings/
# The first import of matplotlib looks through all fonts: let it be now.
$venv_python -c 'import matplotlib.font_manager'
# What serves a room serves a maintainer, and what serves a maintainer a learner.
printf '%s\n' "$for_learner" >.venv/.ready-for-learner
[ "$role" = learner ] || printf '%s\n' "$for_maintainer" >.venv/.ready-for-maintainer
printf '%s\n' "$wanted" >"$stamp"
