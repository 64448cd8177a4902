/** What the tests, which are TypeScript, use of it. */
export const TEST_PROGRAMS: string;
export function findPrograms(
  folder: string,
  names?: readonly string[],
): Partial<Record<string, { command: string; env: Record<string, string>; version: string }>>;
