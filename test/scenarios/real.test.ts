import { createRealWorld } from "./real-world.ts";
import { runScenarios } from "./run-scenarios.ts";

runScenarios("scenarios with real processes", createRealWorld);
