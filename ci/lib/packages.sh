# shellcheck shell=bash
# Debian packages that a task needs (the list and the reasons: ci/lib/packages), and the JDK.
: "${root:?the source tree}" "${install:?yes or no}"

# Everything a script has to say for itself goes to stderr.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  local status=$1
  shift
  say "$@"
  exit "$status"
}

# Major version of the JDK in directory $1, from its "release" file: no JVM is started.
java_major() {
  local line
  while IFS= read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"?(1\.)?([0-9]+) ]]; then
      echo "${BASH_REMATCH[2]}"
      return
    fi
  done <"$1/release"
  return 1
}

is_jdk() {
  local major
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] && major=$(java_major "$1") &&
    ((major >= 17))
}

# Directory of the JDK to build and run with: JAVA_HOME, then PATH, then the oldest installed one
# that will do, as it is nearest to the one Sluice is written for.
find_jdk() {
  local home javac major
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk "$JAVA_HOME"; then
    (cd "$JAVA_HOME" && pwd -P)
    return
  fi
  if javac=$(command -v javac) && home=$(readlink -f -- "$javac") && is_jdk "${home%/bin/javac}"; then
    echo "${home%/bin/javac}"
    return
  fi
  for home in /usr/lib/jvm/*; do
    if is_jdk "$home"; then
      major=$(java_major "$home")
      printf '%d %s\n' "$major" "$(readlink -f -- "$home")"
    fi
  done | sort -n | sed -n '1{s/^[0-9]* //;p;}' | grep .
}

is_there() {
  case $1 in
    jdk) find_jdk >/dev/null ;;
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# Installs what the tasks $@ (first column of the list) lack; says what and why beforehand.
require_packages() {
  local task package probe reason missing=()
  local -A reasons=()
  while read -r task package probe reason; do
    if [[ " $* " == *" $task "* ]] && ! is_there "$probe"; then
      missing+=("$package")
      reasons[$package]=$reason
    fi
  done < <(sed '/^#/d;/^$/d' "$root/ci/lib/packages")
  if ((${#missing[@]} == 0)); then
    return
  fi

  say "Debian packages that are needed and not installed:"
  for package in "${missing[@]}"; do
    say "  $package: ${reasons[$package]}"
  done
  local by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if [[ $install == no ]]; then
    die 69 "nothing was installed; to install: $by_hand"
  elif ! command -v apt-get >/dev/null; then
    die 69 "this host has no apt-get; install their equivalents and start again"
  elif ((EUID != 0)); then
    die 77 "not root, so nothing was installed; as root: $by_hand"
  fi
  install_packages "${missing[@]}"
}

install_packages() {
  local log started=$SECONDS
  log=$(mktemp "${TMPDIR:-/tmp}/sluice-install.XXXXXX")
  say "installing them …"
  # Lists that are missing or too old to name a file that still exists are fetched first.
  if ! { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null && apt_install "$@"; } \
    >>"$log" 2>&1 && ! { apt update && apt_install "$@"; } >>"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die 69 "apt-get could not install $*"
  fi
  rm -f "$log"
  hash -r
  say "installed in $((SECONDS - started)) s"
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

apt_install() {
  apt install -y --no-install-recommends "$@"
}
