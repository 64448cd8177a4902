export { CATALOGUE, type ProblemKind, type ProblemSlug } from './catalogue.js';
export { ProblemError, type Problem, type Sendable } from './problem.js';
export { StatusProblem } from './status-problem.js';
export { invalidQuery } from './invalid-query.js';
