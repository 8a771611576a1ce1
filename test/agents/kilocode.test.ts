import { kilocode } from "./kilocode.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(kilocode);
