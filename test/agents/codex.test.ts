import { codex } from "./codex.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(codex);
