export { compareMedia, type ComparisonOptions } from './compare-media.js';
export { planRepairs, type Repaired, type RepairOutcome, isConclusive } from './plan-repairs.js';
export { NOT_NEEDED, type Repair, type RepairPlan } from './repair.js';
export { REPAIRS } from './repairs.js';
