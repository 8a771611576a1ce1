import { cline } from "./cline.ts";
import { runAgentScenarios } from "./run-agent-scenarios.ts";

runAgentScenarios(cline);
