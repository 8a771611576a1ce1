import { gemini } from "./gemini.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(gemini);
