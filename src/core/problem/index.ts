export { CATALOGUE, type ProblemKind, type ProblemSlug } from './catalogue.js';
export { ProblemError, type Problem } from './problem.js';
