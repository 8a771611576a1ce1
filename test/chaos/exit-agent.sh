#!/bin/sh
# An agent for the chaos suite that waits to be ended: reads a code from the named pipe $CHAOS_PIPE and exits with it.
# Started as the demo agent is. It has no children, so that any signal ends all of it.
case ${1-} in --version) printf 'demo-agent 1.0.0\n'; exit 0 ;; esac
read -r code <"$CHAOS_PIPE"
exit "$code"
