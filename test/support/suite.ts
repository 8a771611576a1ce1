import { suite as uvuSuite } from "uvu";

/** A test body; the signal aborts when the test's time is up. */
export type TestBody = (signal: AbortSignal) => void | Promise<void>;

/** What `suite()` hands out: tests run in order when the body of the suite has been read. */
export interface Suite {
  test(name: string, body: TestBody, options?: { timeoutMs?: number }): void;
  before(body: () => void | Promise<void>): void;
  after(body: () => void | Promise<void>): void;
  beforeEach(body: () => void | Promise<void>): void;
  afterEach(body: () => void | Promise<void>): void;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Defines and runs a suite.
 *
 * Closes three holes of uvu 0.5.6, each seen green: a forgotten `.run()`, a `before` that throws, a test that hangs.
 */
export function suite(name: string, define: (s: Suite) => void): void {
  const inner = uvuSuite(name);
  let broken: unknown;
  define({
    test: (title, body, options) =>
      inner(title, async () => {
        if (broken) throw broken;
        await withTimeout(title, body, options?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
      }),
    before: (body) =>
      inner.before(async () => {
        try {
          await body();
        } catch (error) {
          broken = error ?? new Error("before() threw nothing");
        }
      }),
    after: (body) => inner.after(async () => void (await body())),
    beforeEach: (body) => inner.before.each(async () => void (await body())),
    afterEach: (body) => inner.after.each(async () => void (await body())),
  });
  inner.run();
}

async function withTimeout(title: string, body: TestBody, ms: number): Promise<void> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`"${title}" did not end within ${ms} ms`));
      controller.abort();
    }, ms);
  });
  try {
    await Promise.race([body(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
