# shellcheck shell=bash
# Makes the build that the launcher runs; uses the launcher's functions sources and is_current.
: "${root:?the source tree}" "${builds:?where builds are}"

. "$root/ci/lib/packages.sh"

# Commands whose classes go into the archive from which later JVMs start. Each only reads.
training=("--version" "validate examples/two-subnets.yaml" "status" "datapaths" "plan examples/two-subnets.yaml" "plan -o json examples/three-tier.yaml")

# One launch builds; others that come meanwhile wait, and then find it done.
ensure_build() {
  if ! mkdir -p "$builds" 2>/dev/null || [[ ! -w $builds ]]; then
    die 77 "the build is out of date, and $builds cannot be written"
  fi
  exec 8>>"$builds/lock"
  if ! flock --nonblock 8; then
    say "waiting for another build of this tree to end …"
    flock 8
  fi
  if ! is_current; then
    require_packages build
    make_build
  fi
  exec 8>&-
}

make_build() {
  local build jdk seen log=$builds/build.log started=$SECONDS
  jdk=$(find_jdk)
  seen=$(sources)
  if [[ -e $builds/current ]]; then
    say "sources have changed: building …"
  else
    say "building (the first time takes a minute or two) …"
  fi
  remove_unused_builds
  # Formatting and warnings are the developer's concern (ci/test): they stop no one from running it.
  if ! (cd "$root" && rm -rf cli/target/lib && JAVA_HOME=$jdk mvn -B -q -pl cli -am \
    -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmaven.compiler.failOnWarning=false \
    -Dstyle.color=never package) >"$log" 2>&1 8>&- </dev/null; then
    cat "$log" >&2
    die 70 "the build failed; its output is above and in $log"
  fi

  build=$(mktemp -d "$builds/build.XXXXXX")
  chmod 755 "$build"
  cp -p "$root/cli/target/sluice.jar" "$build/"
  cp -Rp "$root/cli/target/lib" "$build/"
  ln -s "$jdk" "$build/jdk"
  # JNA loads native code, which JDKs from 24 on want to be told.
  if (($(java_major "$jdk") >= 24)); then
    echo --enable-native-access=ALL-UNNAMED
  fi >"$build/options"
  archive_classes "$build" >>"$log" 2>&1 8>&- </dev/null
  printf '%s\n' "$seen" >"$build/sources"
  : >"$build/in-use"
  ln -s "${build##*/}" "$build/link"
  mv -T "$build/link" "$builds/current"
  say "built in $((SECONDS - started)) s"
}

# Builds that no JVM runs from, the current one excepted.
remove_unused_builds() {
  local build current
  current=$(readlink -f -- "$builds/current")
  for build in "$builds"/build.*/; do
    build=${build%/}
    if [[ -d $build && $build != "$current" ]] &&
      { [[ ! -e $build/in-use ]] || flock --nonblock "$build/in-use" true; }; then
      rm -rf "$build"
    fi
  done
}

# An archive of loaded classes, for start-up time alone: where it cannot be made, nothing is lost
# but that. https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
archive_classes() {
  local build=$1 arguments list=$1/classes.lst java
  mapfile -t java <"$build/options"
  java=("$build/jdk/bin/java" "${java[@]}" -cp "$build/sluice.jar")
  for arguments in "${training[@]}"; do
    # shellcheck disable=SC2086 # a list of words
    (cd "$root" && timeout 60 "${java[@]}" -XX:DumpLoadedClassList="$list.one" \
      -XX:TieredStopAtLevel=1 dev.sluice.cli.Main $arguments) || :
    # Ids are per run, and classes of loaders other than the JVM's own hang on them.
    sed '/^#/d;/ source: /d;s/ id: .*//' "$list.one" >>"$list.all" || :
  done
  awk '!seen[$0]++' "$list.all" >"$list" || :
  "${java[@]}" -Xshare:dump -XX:+UseG1GC -XX:SharedClassListFile="$list" \
    -XX:SharedArchiveFile="$build/classes.jsa" || :
  rm -f "$list" "$list.one" "$list.all"
}
