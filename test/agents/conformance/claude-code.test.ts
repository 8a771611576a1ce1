import { claudeCode } from "../claude-code.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(claudeCode);
