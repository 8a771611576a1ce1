import type { SendRequest, SessionView } from "../../src/lifecycle/api.ts";
import { createInProcess, type InProcess, spawnRequest } from "../support/in-process.ts";
import { playAgent } from "../support/play-agent.ts";
import type { Suite } from "../support/suite.ts";

const never = new AbortController().signal;
export const DIALOG = "\n Allow? [y/n] \n";
export const COMPOSER = "\n› \n";
export const REQUEST: Omit<SendRequest, "sessionId"> = {
  text: "hello",
  whenBusy: "wait",
  waitTimeoutMs: 5000,
  requestId: "",
  noWait: false,
};

/** Session shop-1 before each test, at an empty composer, with what a test of its outbox does. */
export function sendBench(s: Suite) {
  let world: InProcess;
  let view: SessionView;
  let agent: ReturnType<typeof playAgent>;
  const typed = () => world.host.typed.get(view.session.facts.launchId) ?? [];
  const show = (text: string) => void world.host.screens.set(view.session.facts.launchId, text);
  /** Enter as an agent takes it: the composer is empty, the prompt is reported. */
  const submits: InProcess["host"]["onKeys"] = () => {
    const text = typed()
      .filter((one) => !one.startsWith("<"))
      .at(-1);
    show(COMPOSER);
    void agent.hook("prompt", { prompt: text ?? "" });
  };
  s.beforeEach(async () => {
    world = await createInProcess();
    await world.projects.add({ path: "/repos/shop", id: "", defaultBranch: "", defaultHarness: "" });
    view = await world.sessions.spawn(spawnRequest());
    agent = playAgent(world, view);
    await agent.start();
    await agent.hook("session-start", { nativeSessionId: "n1" });
    show(COMPOSER);
  });
  s.afterEach(() => world.close());
  return {
    get world() {
      return world;
    },
    get view() {
      return view;
    },
    get agent() {
      return agent;
    },
    /** Texts and keys the terminal got. */
    typed,
    show,
    submits,
    send: (fields: Partial<SendRequest> = {}) =>
      world.sessions.send({ ...REQUEST, sessionId: "shop-1", ...fields }, never),
    messages: async () => (await world.sessions.listMessages({ sessionId: "shop-1", limit: 9 })).rows,
    /** The agent asks for permission. */
    async block() {
      await agent.hook("prompt", { prompt: "x" });
      await agent.hook("permission-request", { toolName: "Bash", requestId: "p1" });
      show(DIALOG);
    },
  };
}
