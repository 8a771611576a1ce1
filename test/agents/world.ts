import { mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { createRealDaemon, type RealDaemon } from "../support/real-daemon.ts";
import { type Agent, digestUserFiles } from "./agent.ts";
import { type AgentSession, changesIn, watchedSession } from "./agent-session.ts";
import { installAgent } from "./install.ts";
import { type MockModel, startMockModel } from "./mock/mock-model.ts";
import { startTimeline } from "./timeline.ts";

/** One agent, its user's HOME, a daemon of its own and a scripted model. */
export interface AgentWorld {
  agent: Agent;
  daemon: RealDaemon;
  model: MockModel;
  /** Of a user of the agent. */
  environment: Readonly<Record<string, string>>;
  /** Starts the agent with a prompt. */
  spawn(prompt: string): Promise<AgentSession>;
  /** Ends everything and checks that nothing of the user's was changed. */
  close(): Promise<void>;
}

/** Installs the agent where it is not yet, sets its user up, starts model and daemon. */
export async function createAgentWorld(agent: Agent): Promise<AgentWorld> {
  const bin = await installAgent(agent);
  const model = await startMockModel({ withoutTools: agent.withoutTools });
  const daemon = await createRealDaemon({
    PATH: [...bin, dirname(process.execPath), process.env.PATH].join(delimiter),
  });
  const { repository } = daemon;
  const home = daemon.env.HOME ?? "";
  // What agents keep in the system's temporary directory they would leave there.
  const temporary = join(home, "tmp");
  mkdirSync(temporary, { mode: 0o700 });
  const environment = {
    ...daemon.env,
    TMPDIR: temporary,
    ...agent.seed({ home, repository, temporary, port: model.port }),
  };
  const userFiles = digestUserFiles(agent, home);
  const timeline = startTimeline(daemon.client);
  return {
    agent,
    daemon,
    model,
    environment,
    async spawn(prompt) {
      const { client } = daemon;
      const { harness } = agent;
      const { id } = await client.sessions.spawn({ projectId: "shop", harness, prompt, environment });
      return watchedSession({ agent, client, timeline, id, environment });
    },
    async close() {
      try {
        assert.equal(digestUserFiles(agent, home), userFiles, "the user's files are not as they were");
        assert.is(changesIn(repository), "", "something was written into the repository");
      } finally {
        await timeline.close();
        await daemon.close();
        await model.close();
      }
    },
  };
}
