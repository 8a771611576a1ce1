import { qwen } from "../qwen.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(qwen);
