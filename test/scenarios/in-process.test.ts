import { createInProcessWorld } from "./in-process-world.ts";
import { runScenarios } from "./run-scenarios.ts";

runScenarios("scenarios in-process", createInProcessWorld);
