import { omp } from "../omp.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(omp);
