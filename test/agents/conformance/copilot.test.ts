import { copilot } from "../copilot.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(copilot);
