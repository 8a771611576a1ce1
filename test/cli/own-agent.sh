#!/bin/sh
# own-agent [--resume ID | --continue] [--] [PROMPT]: an agent ao knows nothing of. Its hooks are executables in $OWN_AGENT_HOOKS, named
# after the event. "ask" wants leave, "slow" works until Ctrl-C, "stuck" for ever, "/exit" ends it, everything else is answered.
# What it is told to remember it keeps by directory in $OWN_AGENT_MEMORY; --continue takes that up, "recall" says it.
# Events name $OWN_AGENT_ID, where that is set. Where the file $OWN_AGENT_GATE is not, it asks for trust first. Where the
# variable OWN_AGENT_STARTED names a file, it tells its version only once it was started: it leaves the file then.
if [ "${1-}" = --version ]; then
  [ -n "${OWN_AGENT_STARTED-}" ] && [ ! -e "$OWN_AGENT_STARTED" ] && exit 1
  echo "own-agent 3.1.4"
  exit 0
fi
[ -n "${OWN_AGENT_STARTED-}" ] && touch "$OWN_AGENT_STARTED"
id=conversation-$$
[ "${1-}" = --resume ] && id=$2 && shift 2
memory=${OWN_AGENT_MEMORY:-/dev}/$(pwd | tr / _)
[ "${1-}" = --continue ] && shift && remembered=$(cat "$memory")
[ "${1-}" = -- ] && shift

hook() {
  printf '{"session_id":"%s","prompt":"%s","tool_name":"%s"%s}' "$id" "${2-}" "${3-}" \
    "${OWN_AGENT_ID:+,\"agent_id\":\"$OWN_AGENT_ID\"}" | "$OWN_AGENT_HOOKS/$1"
}
turn() {
  hook UserPromptSubmit "$1"
  case $1 in
  remember\ *)
    remembered=${1#remember }
    [ -n "${OWN_AGENT_MEMORY-}" ] && printf '%s' "$remembered" >"$memory"
    clear
    ;;
  recall) printf 'it was %s\n' "${remembered:-nothing}" ;;
  esac
  if [ "$1" = ask ]; then
    hook PermissionRequest "" shell
    printf '\nAllow this? [y/n]\n'
    read -r answer
    hook PermissionAnswered
    printf 'answered %s\n' "$answer"
  fi
  if [ "$1" = slow ]; then
    trap : INT
    sleep 600
    trap - INT
  fi
  while [ "$1" = stuck ]; do
    trap '' INT
    sleep 1
  done
  hook Stop
}

if [ -n "${OWN_AGENT_GATE-}" ]; then
  printf 'Do you trust this? [y/n]\n'
  until [ -e "$OWN_AGENT_GATE" ]; do sleep 0.2; done
fi
hook SessionStart
[ -n "${1-}" ] && turn "$1"
printf '\n> '
while read -r line; do
  [ "$line" = /exit ] && break
  turn "$line"
  printf '\n> '
done
hook SessionEnd
