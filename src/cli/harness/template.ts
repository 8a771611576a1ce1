/**
 * The file `ao harness new` begins with: a harness ao can run as it stands, and the rest to uncomment.
 *
 * Claude-shaped hooks in a settings file are the most common way in; a comment says what the others are.
 */
export function harnessTemplate({ id, name, binary }: { id: string; name: string; binary: string }): string {
  return `# yaml-language-server: $schema=./harness.schema.json
# A harness: one agent CLI, as data. Check it with \`ao harness check ${id}\`, let it run with \`ao harness trust ${id}\`,
# and see what ao makes of the real program with \`ao harness test ${id}\`. README.md, "Your own agent", explains every part.

id: ${id}
displayName: ${JSON.stringify(name)}
facts:
  evidence: assumed            # seen (with the real program), documented or assumed
  source: its --help
  version: ""                  # of the program these facts are about

binary:
  names: [${JSON.stringify(binary)}]
  versionArgs: [--version]
  versionPattern: (\\d+\\.\\d+\\S*)  # the first group is the version

launch:
  # Each item is one argument; the shell never sees it. \`when\` gives its arguments only if the value is set.
  interactive:
    - "{binary}"
    # - insert: hooks          # the \`args\` of hooks, below
    - insert: permission       # the \`args\` of the permission mode
    # - { when: model, args: [--model, "{model}"] }
    # - { when: resume, args: [--resume, "{resume}"] }
    - { when: prompt, args: [--, "{prompt}"] }
  # resume: ["{binary}", --resume, "{resume}"]   # a command line of its own; without {prompt} a new one is typed
  # resumeBy: id               # copy: under another id; directory: without an id, the last one of its directory (README.md)
  # headless: ["{binary}", --print, --, "{prompt}"]
  permission:                  # what each mode of \`ao spawn --permission-mode\` adds
    default: {}
    # bypass-permissions: { args: [--yolo] }
  prompt: in_command           # after_start: ao types the prompt when the composer shows (needs screen.ready)

# How the program is made to call ao-hook. Without hooks ao knows only whether the process lives.
# hooks:
#   strategy: files             # environment: the program calls ao-hook by itself, and finds its path in a variable
#   files:
#     - kind: json              # also: toml ([[table]] entries), scripts (a directory, an executable for each event)
#       place: launch           # ao's own directory, {dir}; worktree: hidden from git and taken back at the end
#       path: settings.json
#       hooks:
#         at: [hooks]           # {"hooks": {"Stop": [entry], …}}
#         shape: by_event       # list: one list, and each entry says its {event}
#         # {command} is what the program must run, with the event's JSON on stdin
#         entry: { hooks: [{ type: command, command: "{command}", timeout: 10 }] }
#   args: [--settings, "{dir}/settings.json"]
#
# What each event means: your program's names on the left. Every event listed here is installed.
# events:
#   SessionStart: conversation_start
#   SessionEnd: conversation_end
#   UserPromptSubmit: prompt
#   PreToolUse: tool_start
#   PostToolUse: tool_end
#   PermissionRequest: permission_request
#   Notification:
#     - when: [{ field: type, equals: idle_prompt }]
#       means: notify_idle
#     - means: receipt
#   Stop: turn_end
#   StopFailure: turn_failed

# Where the fields stand in the program's payload; names as Claude Code has them when this is left out.
# payload:
#   fields: { nativeSessionId: [session_id], toolName: [tool_name], prompt: [prompt] }

# What the screen shows, so that nothing is typed into a dialog or a running turn. Patterns (JavaScript's, flag m) meet
# the last \`lines\` lines that are not blank, without the blanks a line ends with. The first group of \`composer\` is
# what stands in the composer: without it ao does not see whether a text arrived. Keys for a dialog need \`dialog\`.
# screen:
#   version: ""
#   ready: [{ lines: 3, all: ["^> ?$"] }]
#   busy: [{ lines: 5, all: ["esc to interrupt"] }]  # a running turn: with \`ready\` it tells of ends that no event tells
#   composer: "\\\\n> ?([^\\\\n]*)$"
#   gates: [{ gate: trust, lines: 8, all: ["^Do you trust"] }]  # a dialog before its first word: yours to answer
#   dialog: [{ lines: 5, all: ["Allow this\\\\?"] }]

# Keys as tmux names them (Escape, Enter, C-c, y): what ao presses for \`ao interrupt\` and \`ao answer\`.
keys:
  interrupt: [Escape]
  # approve: [Enter]
  # deny: [Escape]
  # clear: [C-u]               # empties the composer, where an interrupt puts the prompt back into it

# What ao cannot tell of it, a sentence each, for \`ao harness get\`.
limits: []
`;
}
