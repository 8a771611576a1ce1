import { gemini } from "../gemini.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(gemini);
