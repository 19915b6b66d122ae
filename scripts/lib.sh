# shellcheck shell=sh
# What the scripts share. Sourced, not run.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >/dev/null
}

# apt_install PACKAGE…: true when they got installed. Never asks; false where there is no apt, or no right to it.
apt_install() {
    command -v apt-get >/dev/null && as_root true || return 1
    apt_get update || say "(apt-get update had trouble; trying with what is known)"
    apt_get install -y --no-install-recommends -- "$@"
}
