# shellcheck shell=bash
# Maven, as the scripts of ci/ run it.
: "${root:?the source tree}"

# Runs Maven with the arguments $@. Launches of this tree wait meanwhile: both write to */target.
run_maven() {
  mkdir -p "$root/target/sluice"
  exec 8>>"$root/target/sluice/lock"
  flock 8
  (cd "$root" && JAVA_HOME=$(find_jdk) mvn -B --no-transfer-progress --fail-at-end -Dstyle.color=never "$@") \
    </dev/null 8>&-
  local status=$?
  exec 8>&-
  return "$status"
}
