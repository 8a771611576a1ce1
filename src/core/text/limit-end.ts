/** Limits of plans are told hours or days ahead; what lies further off was read wrongly. */
const FARTHEST_MS = 40 * 86_400_000;
const MINUTE_MS = 60_000;
/** A clock time that passed so lately is not tomorrow's: the limit is over. */
const LATELY_MS = 3_600_000;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/** "resets in 2h 15m", "try again in 3 days 4 hours 1 minute". */
const SPAN = /\b(?:resets?|again|available) in ((?:\d+ ?[a-z]+[ ,]*(?:and )?)+)/i;
const PART = /(\d+) ?(d|h|m|s)/gi;
/** What stands at the end of older texts of claude: seconds since the epoch. */
const EPOCH = /limit reached\|(\d{10})\b/;
/** "resets 3am (Europe/Berlin)", "resets Nov 25, 3:30pm", "try again at Nov 25th, 2026 3:05 PM". */
const CLOCK = new RegExp(
  [
    "\\b(?:resets?|again)(?: at| on)? ",
    `(?:(${MONTHS.join("|")})[a-z]* (\\d{1,2})(?:st|nd|rd|th)?,? (?:(\\d{4}),? )?(?:at )?)?`,
    "(\\d{1,2})(?::(\\d{2}))? ?([ap]m)\\b",
    "(?: \\((UTC|[A-Za-z_]+(?:/[A-Za-z_+-]+)+)\\))?",
  ].join(""),
  "i",
);

/**
 * When a usage limit ends, by the words in which an agent tells of it; undefined where they do not say.
 *
 * `at` is when they were said; times are epoch ms. A clock time without a zone is one of this host, where the agent runs
 * too. Words of claude 2.1.330 (its session's limit seen: "You've hit your 5-hour limit · resets 5:02am (UTC)", seconds cut
 * off) and codex 0.169.0, the others read from the programs.
 */
export function limitEnd(words: string, at: number): number | undefined {
  const end = epochIn(words) ?? spanIn(words, at) ?? clockIn(words, at);
  return end !== undefined && end > at && end - at < FARTHEST_MS ? end : undefined;
}

function epochIn(words: string): number | undefined {
  const seconds = EPOCH.exec(words)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function spanIn(words: string, at: number): number | undefined {
  const span = SPAN.exec(words)?.[1];
  if (span === undefined) return undefined;
  const parts = [...span.matchAll(PART)];
  return parts.reduce(
    (end, [, count, unit = ""]) => end + Number(count) * (UNITS[unit.toLowerCase()] ?? 0),
    at,
  );
}

function clockIn(words: string, at: number): number | undefined {
  const [, month, day, year, hour, minute = "0", half = "", zone] = CLOCK.exec(words) ?? [];
  if (hour === undefined || !isZone(zone)) return undefined;
  const time = { hour: (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0), minute: Number(minute) };
  const today = dayOf(at, zone);
  if (month === undefined) {
    const onDay = (day: number) => instantOf({ ...today, day: today.day + day, ...time }, zone);
    return nextOf([onDay(-1), onDay(0), onDay(1)], at);
  }
  const date = { month: MONTHS.indexOf(month.toLowerCase()), day: Number(day) };
  const inYear = (one: number) => instantOf({ year: one, ...date, ...time }, zone);
  if (year !== undefined) return inYear(Number(year));
  return inYear(today.year) > at ? inYear(today.year) : inYear(today.year + 1);
}

/** Of the same clock time on days that follow each other. A minute that runs now is over with its last second. */
function nextOf(days: readonly number[], at: number): number | undefined {
  const next = days.find((day) => day > at);
  const passed = days.findLast((day) => day <= at) ?? Number.NEGATIVE_INFINITY;
  if (at - passed < MINUTE_MS) return passed + MINUTE_MS;
  return at - passed < LATELY_MS ? undefined : next;
}

interface Day {
  year: number;
  /** From 0. */
  month: number;
  day: number;
}

function isZone(zone: string | undefined): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function dayOf(at: number, zone: string | undefined): Day {
  const wall = new Date(at + offsetOf(at, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), day: wall.getUTCDate() };
}

/** The offset is asked for twice: it may change between the guess and the instant. */
function instantOf(wall: Day & { hour: number; minute: number }, zone: string | undefined): number {
  const utc = Date.UTC(wall.year, wall.month, wall.day, wall.hour, wall.minute);
  const guess = utc - offsetOf(utc, zone);
  return utc - offsetOf(guess, zone);
}

/** ms by which clocks of the zone are ahead of UTC. */
function offsetOf(at: number, zone: string | undefined): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
