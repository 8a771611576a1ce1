#!/usr/bin/env bash
# The same as time-processes.c where there is no C compiler: a bash loop around $EPOCHREALTIME. Its fork costs more than
# posix_spawn, of subject and floor alike.
set -u
rounds=$1 input=$2
shift 3
LC_ALL=C
declare -a words=() starts=(0)
for word in "$@"; do
  if [ "$word" = -- ]; then starts+=("${#words[@]}"); else words+=("$word"); fi
done
starts+=("${#words[@]}")
for ((round = 0; round < rounds; round++)); do
  for ((i = 0; i < ${#starts[@]} - 1; i++)); do
    program=("${words[@]:${starts[i]}:${starts[i + 1]}-${starts[i]}}")
    start=$EPOCHREALTIME
    "${program[@]}" <"$input" >/dev/null 2>&1
    status=$?
    end=$EPOCHREALTIME
    [ "$status" = 0 ] || { echo "${program[0]} ended with status $status" >&2 && exit 1; }
    echo "$i $(((${end/./} - ${start/./}) * 1000))"
  done
done
