import { opencode } from "../opencode.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(opencode);
