import { grok } from "./grok.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(grok);
