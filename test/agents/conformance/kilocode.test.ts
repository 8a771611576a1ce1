import { kilocode } from "../kilocode.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(kilocode);
