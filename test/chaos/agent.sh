#!/bin/sh
# An agent for the chaos suite: fires CHAOS_HOOKS numbered hooks, one strictly after another, then does as CHAOS_END says.
#
# Started as the demo agent is. Each hook that ended with 0 is a line in $CHAOS_LEDGER, its number; any other end is a
# line "failed NUMBER STATUS". What hooks say on stderr stands in $CHAOS_LEDGER.stderr. "done" is the last line.
#
#   CHAOS_HOOKS   how many                   CHAOS_GATE   a file the first hook waits for
#   CHAOS_BURST   hooks without a pause      CHAOS_PAUSE  seconds between bursts
#   CHAOS_KILL    before every so manieth hook one more is fired, as event "killed", and killed with SIGKILL
#   CHAOS_END     "stay" until the ledger is gone, or "CODE": exit with it as soon as $CHAOS_LEDGER.go is written to
set -u
case ${1-} in --version) printf 'demo-agent 1.0.0\n'; exit 0 ;; esac

fire() {
  "$AO_HOOK" demo "$1" 2>>"$CHAOS_LEDGER.stderr" <<EOT
{"session_id":"$AO_SESSION_ID-talk","source":"n-$n"$2}
EOT
}

# A killed hook's event need not arrive, but nothing else may suffer. The delay is a number of turns of a loop.
fire_killed() {
  (
    exec "$AO_HOOK" demo killed <<EOT
{"session_id":"$AO_SESSION_ID-talk","source":"killed-$n"}
EOT
  ) &
  turns=$(((n * 37) % 4000))
  while [ "$turns" -gt 0 ]; do turns=$((turns - 1)); done
  kill -9 $!
  wait $!
} 2>/dev/null

# One turn of ten hooks: two tools, one of them after a permission.
hook() {
  turn=$(((n - 1) / 10))
  case $((n % 10)) in
    1) fire prompt ",\"prompt\":\"turn $turn\"" ;;
    2) fire tool-start ",\"tool_name\":\"Read\",\"tool_use_id\":\"r-$turn\"" ;;
    3) fire tool-end ",\"tool_name\":\"Read\",\"tool_use_id\":\"r-$turn\"" ;;
    4) fire tool-start ",\"tool_name\":\"Bash\",\"tool_use_id\":\"b-$turn\"" ;;
    5) fire permission-request ",\"tool_name\":\"Bash\",\"tool_use_id\":\"b-$turn\",\"request_id\":\"q-$turn\"" ;;
    6) fire permission-reply ",\"request_id\":\"q-$turn\",\"reason\":\"approve\"" ;;
    7) fire tool-end ",\"tool_name\":\"Bash\",\"tool_use_id\":\"b-$turn\"" ;;
    8) fire tool-start ",\"tool_name\":\"Edit\",\"tool_use_id\":\"e-$turn\"" ;;
    9) fire tool-end ",\"tool_name\":\"Edit\",\"tool_use_id\":\"e-$turn\"" ;;
    0) fire turn-end ",\"message\":\"turn $turn is over\"" ;;
  esac
}

exec 9>>"$CHAOS_LEDGER"
[ "$CHAOS_END" = stay ] || mkfifo "$CHAOS_LEDGER.go"
while [ ! -e "$CHAOS_GATE" ]; do sleep 0.1; done
n=0
while [ "$n" -lt "$CHAOS_HOOKS" ]; do
  n=$((n + 1))
  [ "$CHAOS_KILL" = 0 ] || [ $((n % CHAOS_KILL)) -ne 0 ] || fire_killed
  if hook; then printf '%s\n' "$n" >&9; else printf 'failed %s %s\n' "$n" "$?" >&9; fi
  [ $((n % CHAOS_BURST)) -ne 0 ] || [ "$CHAOS_PAUSE" = 0 ] || sleep "$CHAOS_PAUSE"
done
printf 'done\n' >&9
[ "$CHAOS_END" = stay ] || { read -r _ <"$CHAOS_LEDGER.go"; exit "$CHAOS_END"; }
while [ -e "$CHAOS_LEDGER" ]; do sleep 5; done
