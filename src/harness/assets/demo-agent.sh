#!/bin/sh
# demo-agent: a scripted coding agent that needs no account and fires its hooks through ao-hook like a real one.
#
#   demo-agent.sh [--resume ID] [--yes] [--print] [-- PROMPT]
#
# The first word of a prompt chooses what happens, an optional number how many seconds it takes:
#   work [N]    uses tools for N seconds (120)       finish [N]  works N seconds (2) and answers
#   ask [N]     asks before it runs a command        fail        ends with exit code 1
# Any other text is answered at once. Esc or Ctrl-C stops a turn, /exit or Ctrl-D ends the agent.
# --yes asks nothing, --print answers one prompt without a terminal. AO_HOOK names ao-hook.

version=1.0.0
conversation='' prompt='' yes='' print=''
while [ $# -gt 0 ]; do
  case $1 in
    --version) printf 'demo-agent %s\n' "$version"; exit 0 ;;
    --resume) conversation=$2; shift ;;
    --yes) yes=1 ;;
    --print) print=1 ;;
    --) prompt=${2-}; break ;;
    *) printf 'demo-agent: unknown option "%s"\n' "$1" >&2; exit 2 ;;
  esac
  shift
done

esc=$(printf '\033')
dim="$esc[2m" bold="$esc[1m" green="$esc[32m" yellow="$esc[33m" cyan="$esc[36m" red="$esc[31m" plain="$esc[0m"
newline='
'
[ -t 0 ] && terminal=1 || terminal=''
[ -z "$print" ] || terminal=''

say() { printf '%s\n' "$*"; }

# Prints $1 as the inside of a JSON string, its first 2000 bytes.
json() {
  printf '%s' "$1" | dd bs=2000 count=1 2>/dev/null | LC_ALL=C awk '
    BEGIN { ORS = "" }
    { gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); gsub(/[\001-\037\177]/, " "); if (NR > 1) print "\\n"; print }'
}

# hook EVENT [FIELD VALUE]...: what a real agent does with its hooks.
hook() {
  [ -n "${AO_HOOK-}" ] || return 0
  event=$1 payload="{\"session_id\":\"$conversation\""
  shift
  while [ $# -gt 1 ]; do
    payload="$payload,\"$1\":\"$(json "$2")\""
    shift 2
  done
  printf '%s}\n' "$payload" | "$AO_HOOK" demo "$event"
}

leave() {
  hook session-end reason "$1"
  [ -z "$terminal" ] || { printf '%s' "$esc[?2004l"; stty "$saved"; } 2>/dev/null
  exit "$2"
}

# Sets `keys` to what was typed within $1 tenths of a second; empty when nothing was. Never waits longer, so that a
# signal is noticed and a killed agent leaves no reader behind.
read_keys() {
  if [ -z "$terminal" ]; then
    sleep "$(($1 / 10)).$(($1 % 10))"
    keys=''
    return
  fi
  stty -icanon -echo -isig min 0 time "$1" 2>/dev/null || leave terminal_gone 129
  keys=$(dd bs=4096 count=1 2>/dev/null; printf x)
  keys=${keys%x}
}

# Works for $1 tenths of a second; false when a person stopped it.
work() {
  left=$1
  while [ "$left" -gt 0 ]; do
    step=$((left < 5 ? left : 5))
    read_keys "$step"
    case $keys in "$esc" | "$esc$esc" | *"$ctrl_c"*) return 1 ;; esac
    left=$((left - step))
  done
}
ctrl_c=$(printf '\003') ctrl_d=$(printf '\004') backspace=$(printf '\177')

# tool NAME WHAT TENTHS
tool() {
  tools=$((tools + 1))
  say "${cyan}●$plain $bold$1$plain $2"
  hook tool-start tool_name "$1" tool_use_id "tool-$$-$tools"
  work "$3" || return 1
  hook tool-end tool_name "$1" tool_use_id "tool-$$-$tools"
  say "  ${dim}└ done$plain"
}
tools=0

# The dialog. Sets `answer` to approve or deny.
ask() {
  answer=approve
  [ -z "$yes" ] || return 0
  requests=$((requests + 1))
  hook permission-request tool_name Bash tool_use_id "tool-$$-$((tools + 1))" request_id "request-$$-$requests"
  say "${yellow}?$plain Run ${bold}npm test$plain"
  printf '  Allow? [y/n] '
  answer=deny
  while [ -n "$terminal" ]; do
    read_keys 10
    case $keys in
      [yY]*) answer=approve; break ;;
      [nN]* | "$esc" | *"$ctrl_c"*) break ;;
    esac
  done
  say "$answer"
  hook permission-reply request_id "request-$$-$requests" reason "$answer"
}
requests=0

# The script of one turn: sets `message`; false when a person stopped it. $1 is the scenario, $2 seconds or nothing.
play() {
  message='All done.'
  say "$dim· thinking (esc to interrupt)$plain"
  case $1 in
    work)
      rounds=$(((${2:-120} + 2) / 3))
      while [ "$rounds" -gt 0 ]; do
        tool Read src/main.ts 5 && tool Edit src/main.ts 10 && work 15 || return 1
        rounds=$((rounds - 1))
      done
      ;;
    ask)
      work "$((${2:-1} * 10))" || return 1
      ask
      [ "$answer" = approve ] || { message='Then I leave it.'; return 0; }
      tool Bash 'npm test' 10 || return 1
      ;;
    finish)
      tool Read README.md 5 && work "$((${2:-2} * 10 - 5))" || return 1
      ;;
    fail)
      say "${red}✗$plain something broke"
      leave error 1
      ;;
    *) work 3 || return 1; message="You said: $3" ;;
  esac
}

# turn PROMPT
turn() {
  say "${dim}›$plain $1"
  hook prompt prompt "$1"
  words=$(printf '%s' "$1" | dd bs=200 count=1 2>/dev/null | LC_ALL=C tr -c 'A-Za-z0-9\n' ' ')
  words=${words%%"$newline"*}
  scenario=${words%% *} rest=${words#* }
  number=${rest%% *}
  case $number in '' | *[!0-9]* | ?????*) number='' ;; esac
  if play "$scenario" "$number" "$1"; then
    say "${green}✓$plain $message"
    hook turn-end message "$message"
  else
    say "${red}■$plain Interrupted"
    hook interrupted
  fi
}

# Sets `line` to the next prompt, typed or pasted; what lies between the marks of a paste keeps its newlines.
read_line() {
  line=''
  printf '%s› ' "$esc[?2004h"
  while :; do
    read_keys 10
    case $keys in
      '') continue ;;
      "$esc")
        # Esc, or a paste whose first mark came in two pieces.
        read_keys 1
        if [ -z "$keys" ]; then line=''; else keys=$esc$keys; add_keys || return 0; fi
        ;;
      *"$ctrl_d"*) [ -n "$line" ] || { line=/exit; return; } ;;
      *"$ctrl_c"*) line=''; printf '\n› ' ;;
      "$backspace") [ -z "$line" ] || { line=${line%?}; printf '\b \b'; } ;;
      *) add_keys || return 0 ;;
    esac
  done
}

# Adds `keys` to `line`; false when they end it.
add_keys() {
  ended=''
  case $keys in
    *"$esc[200~"*) pasting=1 ;;
  esac
  case $keys in
    *"$esc[201~") pasting='' ;;
    *"$esc[201~$newline") pasting='' ended=1 ;;
    *"$newline") [ -n "$pasting" ] || ended=1 ;;
  esac
  [ -z "$ended" ] || keys=${keys%"$newline"}
  keys=${keys#"$esc[200~"}
  keys=${keys%"$esc[201~"}
  printf '%s' "$keys"
  line=$line$keys
  [ -z "$ended" ]
}
pasting=''

[ -z "$terminal" ] || saved=$(stty -g)
trap 'leave other 143' TERM
trap 'leave other 129' HUP
trap 'leave other 130' INT
say "${bold}Demo agent$plain $version"
source=startup
if [ -n "$conversation" ]; then
  source=resume
  say "${dim}continuing conversation $conversation$plain"
else
  conversation=demo-$(date +%s)-$$
fi
hook session-start source "$source" cwd "$PWD"
[ -z "$prompt" ] || turn "$prompt"
[ -n "$terminal" ] || leave finished 0
while :; do
  read_line
  printf '\n'
  case $line in
    '') continue ;;
    /exit) leave prompt_input_exit 0 ;;
    *) turn "$line" ;;
  esac
done
