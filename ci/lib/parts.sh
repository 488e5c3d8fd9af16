# shellcheck shell=bash
# Which part a run takes of what takes minutes as a whole.
: "${root:?the source tree}"

# One of $1 parts, by the commit's hash; without a commit always the same one.
part_of() {
  local commit
  commit=$(git -C "$root" rev-parse --verify --quiet HEAD 2>/dev/null) || commit=0
  echo "$((16#${commit:0:8} % $1 + 1))/$1"
}
