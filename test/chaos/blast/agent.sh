#!/bin/sh
# An agent that does as it is told: reads commands, a line each, from $BLAST_DIR/$AO_SESSION_ID.
#
#   hook EVENT     fires a hook, as a real agent does
#   run COMMAND    runs it in a shell of its own, in its terminal, as an agent's tool does
#   self COMMAND   runs it in this process
# After each, "done" is a line in $BLAST_DIR/$AO_SESSION_ID.done; what commands say stands in ….said.
case ${1-} in --version) printf 'demo-agent 1.0.0\n'; exit 0 ;; esac
orders=$BLAST_DIR/$AO_SESSION_ID

fire() {
  "$AO_HOOK" demo "$1" <<EOT
{"session_id":"$AO_SESSION_ID-talk","prompt":"p","source":"startup"}
EOT
}

fire session-start
fire prompt
fire turn-end
[ -p "$orders" ] || mkfifo "$orders"
exec 8<>"$orders"
while read -r kind order <&8; do
  case $kind in
    hook) fire "$order" ;;
    run) sh -c "$order" 2>>"$orders.said" ;;
    self) eval "$order" ;;
  esac
  printf 'done\n' >>"$orders.done"
done
