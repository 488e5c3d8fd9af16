# shellcheck shell=bash
# Checks written in shell, reported as Surefire reports its own, so that one summary counts both.

# Starts the suite $1.
suite() {
  suite_name=$1
  suite_cases=
  suite_passed=0
  suite_failed=0
  suite_started=$EPOCHREALTIME
}

# Runs the command $2… as the case $1: it passes if the command does. A function ends at the first
# command that fails, which it would not as the condition of an "if".
check() {
  local name=$1 output status started=$EPOCHREALTIME result=ok
  shift
  set +e
  output=$(set -e; "$@" 2>&1 </dev/null)
  status=$?
  set -e
  if ((status == 0)); then
    suite_passed=$((suite_passed + 1))
    suite_cases+=$(printf '  <testcase name="%s" classname="%s" time="%s"/>' \
      "$(xml "$name")" "$suite_name" "$(seconds_since "$started")")$'\n'
  else
    result=FAILED
    suite_failed=$((suite_failed + 1))
    suite_cases+=$(printf '  <testcase name="%s" classname="%s" time="%s">\n    <failure>%s</failure>\n  </testcase>' \
      "$(xml "$name")" "$suite_name" "$(seconds_since "$started")" "$(xml "$output")")$'\n'
  fi
  printf '%-6s %s (%s s)\n' "$result" "$name" "$(seconds_since "$started")"
  [[ $result == ok ]] || printf '       %s\n' "${output//$'\n'/$'\n       '}"
}

# Ends the suite and writes its report into the directory $1; status 1 if a case failed.
suite_end() {
  mkdir -p "$1"
  {
    echo '<?xml version="1.0" encoding="UTF-8"?>'
    printf '<testsuite name="%s" time="%s" tests="%d" errors="0" skipped="0" failures="%d">\n' \
      "$suite_name" "$(seconds_since "$suite_started")" "$((suite_passed + suite_failed))" \
      "$suite_failed"
    printf '%s</testsuite>\n' "$suite_cases"
  } >"$1/TEST-$suite_name.xml"
  ((suite_failed == 0))
}

seconds_since() {
  local micros=$((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}))
  printf '%d.%03d' $((micros / 1000000)) $((micros / 1000 % 1000))
}

xml() {
  tr -d '\000-\010\013\014\016-\037' <<<"$1" |
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }
