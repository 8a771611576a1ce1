#!/bin/sh
# An agent for the chaos of the outbox, which on status 77 leaves its terminal to a shell.
case ${1-} in --version) printf 'demo-agent 1.0.0\n'; exit 0 ;; esac
"$CHAOS_NODE" "$CHAOS_TERMINAL"
status=$?
[ "$status" -eq 77 ] || exit "$status"
HISTFILE="$CHAOS_LEDGER.shell" PROMPT_COMMAND='history -a' PS1='shell$ ' exec bash --noprofile --norc -i
