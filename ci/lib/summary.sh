# shellcheck shell=bash
# Sums up the Surefire reports of all modules.
: "${root:?the source tree}"

reports() { find "$root" -path '*/target/surefire-reports/TEST-*.xml' -not -path '*/src/*' | sort; }

# Prints "passed failed skipped", summed over all reports.
count_tests() {
  reports | while IFS= read -r report; do
    grep -m1 -o '<testsuite [^>]*>' "$report"
  done | awk '
    function count(name) {
      return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH) + 0 : 0
    }
    { failed += count("errors") + count("failures"); skipped += count("skipped") }
    { all += count("tests") }
    END { print all - failed - skipped, failed + 0, skipped + 0 }'
}

# Names, as Class.method, of the cases that have one of the elements $@.
cases_with() {
  local elements
  elements=$(IFS='|' && echo "$*")
  reports | while IFS= read -r report; do
    # What a test printed may look like an element: it is left out.
    awk -v wanted="^ *<($elements)[ />]" '
      function attribute(name) {
        if (!match($0, " " name "=\"[^\"]*\"")) return ""
        return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
      }
      /<system-(out|err)>/ { printed = 1 }
      !printed && /^ *<testcase / { test = attribute("classname") "." attribute("name") }
      !printed && $0 ~ wanted { print test }
      /<\/system-(out|err)>/ { printed = 0 }' "$report"
  done | uniq
}

# Skipped tests that ci/skips does not list.
unlisted_skips() {
  local test pattern reason
  cases_with skipped | while IFS= read -r test; do
    while read -r pattern reason; do
      # shellcheck disable=SC2053 # a pattern
      [[ -z $reason || $test != $pattern ]] || continue 2
    done < <(grep -v '^#' "$root/ci/skips")
    echo "$test"
  done
}

# Modules that have tests but no report of any.
silent_modules() {
  local tests module
  find "$root" -path '*/src/test/java' -type d | while IFS= read -r tests; do
    module=${tests%/src/test/java}
    if [[ -n $(find "$tests" -name '*Test.java' -print -quit) ]] &&
      ! compgen -G "$module/target/surefire-reports/TEST-*.xml" >/dev/null; then
      echo "${module#"$root"/}"
    fi
  done
}
