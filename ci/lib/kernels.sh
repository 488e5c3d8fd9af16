# shellcheck shell=bash
# Debian's kernels, and guests that run them over this host's root file system.
: "${root:?the source tree}" "${cache:?where kernels are kept}"
scratch= # a directory of the script that uses this, for what it does not keep

# Debian's package that depends on the newest kernel of the series $1: 6.1 is that of Debian 12.
meta_package() {
  case $1 in
    6.1) echo linux-image-amd64 ;;
    *) echo "linux-image-$1-amd64" ;;
  esac
}

# Puts into $kernel the directory of the newest kernel of the series $1: the one that is kept, or a
# newer one, which then replaces it. The shell holds a lock on it until it ends.
find_kernel() {
  local series=$1 place=$cache/kernels/$1 package version kept
  mkdir -p "$place"
  version=
  exec {lock}>>"$place.lock"
  flock "$lock"
  package=$(apt-cache depends --important "$(meta_package "$series")" 2>/dev/null |
    awk -v "series=linux-image-$series." '$1 == "Depends:" && index($2, series) == 1 { print $2; exit }') || :
  if [[ -n $package ]]; then
    version=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p') || :
  fi
  kernel=$place/$version
  if [[ -z $version ]] || ! { [[ -d $kernel ]] || fetch_kernel "$package" "$version" "$kernel"; }; then
    kept=$(find "$place" -mindepth 1 -maxdepth 1 -type d ! -name '*.new' | sort --version-sort | tail -n 1)
    [[ -n $kept ]] || die 69 "Linux $series cannot be fetched from Debian, and none is kept in $place"
    say "Linux $series cannot be fetched from Debian: taking ${kept##*/}, which is kept"
    kernel=$kept
  fi
  exec {used}<"$kernel"
  flock --shared "$used"
  remove_other_kernels "$place"
  exec {lock}>&-
}

fetch_kernel() {
  local package=$1 version=$2 into=$3 modules
  say "fetching $package $version …"
  rm -rf "$into.new"
  mkdir "$into.new"
  (cd "$into.new" && apt download "$package=$version" && dpkg-deb -x ./*.deb . && rm ./*.deb) \
    >"$scratch/fetch" 2>&1 || { cat "$scratch/fetch" >&2; return 1; }
  modules=$(find "$into.new" -path '*/lib/modules/*' -prune -print)
  depmod -b "${modules%/lib/modules/*}" "${modules##*/}"
  mv -T "$into.new" "$into"
}

# Those in the directory $1 that no guest runs, $kernel excepted.
remove_other_kernels() {
  local other
  for other in "$1"/*/; do
    other=${other%/}
    if [[ $other != "$kernel" ]] && flock --nonblock "$other" true; then
      rm -rf "$other"
    fi
  done
}

# Makes the initramfs $2 of the kernel in the directory $1: busybox, and the modules without which the
# host's files cannot be reached.
make_initramfs() {
  local kernel=$1 into=$2.d modules file number=100
  modules=$(find "$kernel" -path '*/lib/modules/*' -prune -print)
  mkdir -p "$into/bin" "$into/modules"
  cp "$(command -v busybox)" "$into/bin/busybox"
  ln -s busybox "$into/bin/sh"
  cp "$root/ci/lib/guest-init" "$into/init"
  chmod 755 "$into/init"
  while read -r file; do
    number=$((number + 1))
    case $file in
      *.xz) xz -dc "$file" >"$into/modules/$number.ko" ;;
      *) cp "$file" "$into/modules/$number.ko" ;;
    esac
  done < <(modprobe -d "${modules%/lib/modules/*}" -S "${modules##*/}" -a --show-depends \
    virtio_pci 9pnet_virtio 9p overlay | awk '$1 == "insmod" && !seen[$2]++ { print $2 }')
  (cd "$into" && find . | cpio --quiet -o -H newc | gzip -1) >"$2"
}

# Boots the kernel in the directory $1 for $3 seconds at most, and runs in it the file "command" of the
# directory $2, which the guest sees as /guest; output, status and console come there. The status is that
# command's, or 125 if there is none. One processor, and an old one: with several each atomic instruction
# costs more, and what a JVM or a C library does with wide registers is emulated piece by piece (half the time).
# The kernel need not see whether timers tick (no_timer_check): a busy host lets them wait, and it would give up.
run_guest() {
  local kernel=$1 share=$2 limit=$3 status=0
  rm -f "$share/status" "$share/output"
  cp "$root/ci/lib/guest-start" "$share/start"
  find "$kernel" -path '*/lib/modules/*' -prune -print >"$share/modules"
  make_initramfs "$kernel" "$share/initramfs"
  timeout -k 5 "$limit" qemu-system-x86_64 -M q35 -accel tcg,tb-size=1024 -cpu Nehalem \
    -smp 1 -m 4096 -nodefaults -no-user-config -display none -no-reboot -serial stdio \
    -kernel "$kernel"/boot/vmlinuz-* -initrd "$share/initramfs" \
    -append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off nokaslr random.trust_cpu=on net.ifnames=0 no_timer_check" \
    -fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap \
    -device virtio-9p-pci,fsdev=root,mount_tag=hostroot \
    -fsdev "local,id=share,path=$share,security_model=none" \
    -device virtio-9p-pci,fsdev=share,mount_tag=share -device virtio-rng-pci \
    >"$share/console" 2>&1 </dev/null &
  echo $! >"$share/pid"
  wait $! || status=$?
  rm "$share/pid"
  # QEMU's status is 0 after a panic, too: only the command's own tells anything.
  if [[ ! -s $share/status ]]; then
    echo "the guest ended without a word (QEMU's status is $status; 124: after $limit s it was ended)"
    tail -n 40 "$share/console" "$share/output" 2>/dev/null || :
    return 125
  fi
  return "$(<"$share/status")"
}

# Ends the guest of the directory $1, if it runs.
end_guest() {
  local pid
  if pid=$(cat "$1/pid" 2>/dev/null); then
    kill "$pid" 2>/dev/null || : # timeout passes it on
  fi
}
