#!/bin/sh
# An agent that does as it is told: reads commands, a line each, from $BLAST_DIR/$AO_SESSION_ID.
#
#   hook EVENT [PAYLOAD]   fires a hook, as a real agent does
#   run COMMAND            runs it in a shell of its own, in its terminal, as an agent's tool does
#   self COMMAND           runs it in this process
# Begins with the hooks $BLAST_BEGIN names. After each order, "done" is a line in $BLAST_DIR/$AO_SESSION_ID.done; what
# commands say stands in ….said.
case ${1-} in --version) printf 'demo-agent 1.0.0\n'; exit 0 ;; esac
orders=$BLAST_DIR/$AO_SESSION_ID

fire() {
  event=${1%% *} payload=${1#"${1%% *}"}
  "${AO_HOOK:-$BLAST_HOOK}" "$AO_HARNESS" "$event" <<EOT
${payload:-{\"session_id\":\"$AO_SESSION_ID-talk\",\"prompt\":\"p\",\"source\":\"startup\"\}}
EOT
}

for event in $BLAST_BEGIN; do fire "$event"; done
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
