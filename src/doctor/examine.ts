import type { MediaReport } from '../core/media/index.js';
import { type Check, MOOT, type Observation } from './check.js';
import { ALL_CHECKS } from './checks/all-checks.js';
import { type BROWSERS, type Finding, type ServerKind, type Severity } from './finding.js';
import { wholeReport } from './remote/inspect-remote.js';
import { recognise, SERVER_KINDS } from './server-kind.js';
import { Visit, type VisitOptions } from './visit.js';
import { type Identity } from './wire/identity.js';
import { plain, shortUrl } from './wire/text.js';
import { WireError } from './wire/wire-error.js';

/** How a browser fares: `fine`, `impaired` by a warning, or `fails` by a failure. */
export type Verdict = 'fine' | 'impaired' | 'fails';

/** What became of one URL. Plain JSON, without credentials. */
export interface Examination {
  readonly url: string;
  /** Behind all redirects, its query left out; the same as `url` where there are none. */
  readonly finalUrl: string;
  /** The Server field, null where there is none. */
  readonly server: string | null;
  /** The servers and networks that were recognised, what stands in front first. */
  readonly recognised: readonly ServerKind[];
  /** The most severe first. */
  readonly findings: readonly Finding[];
  readonly verdicts: Readonly<Record<(typeof BROWSERS)[number], Verdict>>;
  /** The checks by what became of them; those `skipped` had nothing to look at. */
  readonly checks: { readonly passed: number; readonly failed: number; readonly skipped: number };
  /** As `playhead inspect` gives it; null where it could not be read, or only its start. */
  readonly media: MediaReport | null;
  readonly requests: number;
  /** Received in all. */
  readonly bytes: number;
  /** Seconds. */
  readonly seconds: number;
}

const ORDER: readonly Severity[] = ['failure', 'warning', 'info'];
/** Requests without an answer, after which a server is left alone. */
const PATIENCE = 3;

/** Examines one URL: asks what browsers ask, looks at the media, and says what is amiss. Never throws for a server. */
export async function examine(identity: Identity, options: VisitOptions): Promise<Examination> {
  const visit = new Visit(identity, options);
  try {
    await visit.arrive();
    return report(visit, await runChecks(visit), await wholeReport(visit));
  } finally {
    visit.close();
  }
}

interface Outcome {
  readonly findings: readonly { readonly check: Check; readonly observation: Observation }[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function runChecks(visit: Visit): Promise<Outcome> {
  const findings: { check: Check; observation: Observation }[] = [];
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const silences = new Set<WireError>();
  for (const [index, check] of ALL_CHECKS.entries()) {
    let isOver = false;
    try {
      const result = await check.look(visit);
      const observations = result === MOOT || !result ? [] : [result].flat();
      findings.push(...observations.map((observation) => ({ check, observation })));
      if (result === MOOT) tally.skipped += 1;
      else tally[observations.length > 0 ? 'failed' : 'passed'] += 1;
      isOver = check.decisive === true && observations.length > 0;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      tally.skipped += 1;
      // Checks that share a request share its failure.
      if (error.kind !== 'limit' && !silences.has(error))
        findings.push({ check: { ...check, code: 'no-answer' }, observation: silence(error, check) });
      silences.add(error);
      if (error.kind === 'limit' || silences.size === PATIENCE) {
        const why = error.kind === 'limit' ? error.message : `${PATIENCE} requests got no answer`;
        findings.push({ check: LIMIT, observation: brokenOff(why, ALL_CHECKS.length - index) });
        isOver = true;
      }
    }
    if (isOver) {
      tally.skipped += ALL_CHECKS.length - index - 1;
      break;
    }
  }
  return { findings, ...tally };
}

const LIMIT: Check = {
  code: 'limit-reached',
  severity: 'failure',
  affects: [],
  look: () => Promise.resolve(undefined),
};

function brokenOff(why: string, left: number): Observation {
  return {
    seen: `The examination was broken off: ${why}; ${left} checks were not made.`,
    breaks: 'What they would have found is not known.',
    change: 'Give it more time with --timeout and --total-timeout.',
  };
}

function silence({ message }: WireError, { code }: Check): Observation {
  return {
    seen: `The server answers other requests but not what the check ${code} asks: ${message}.`,
    breaks: 'Whoever asks so waits, and ends with an error.',
    change: "Look into the server's log for that moment, and for limits of connections or requests.",
    lines: {},
  };
}

function report(
  visit: Visit,
  { findings: found, ...checks }: Outcome,
  media: MediaReport | null,
): Examination {
  const { answer, url } = visit.arrival;
  const kinds = answer ? recognise(answer) : [];
  const clean = (text: string) => visit.identity.redact(plain(text));
  const findings = found
    .map(({ check, observation }): Finding => {
      const { code, severity, affects, lines = {} } = { ...check, ...observation };
      const known = [...kinds, ...SERVER_KINDS.filter((kind) => !kinds.includes(kind))];
      return {
        code,
        severity,
        seen: clean(observation.seen),
        breaks: clean(observation.breaks),
        ...(observation.change !== undefined && { change: clean(observation.change) }),
        affects,
        lines: known.flatMap((server) => (lines[server] ? [{ server, line: clean(lines[server]) }] : [])),
      };
    })
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const server = answer?.field('server') ?? answer?.field('x-powered-by');
  return {
    url: clean(visit.identity.url.href),
    finalUrl: clean(url === visit.identity.url ? url.href : shortUrl(url)),
    server: server === undefined ? null : clean(server).slice(0, 80),
    recognised: kinds,
    findings,
    verdicts: verdictsOf(findings),
    checks,
    media,
    requests: visit.budget.requests,
    bytes: visit.budget.bytes,
    seconds: Math.round(visit.budget.elapsed) / 1000,
  };
}

function verdictsOf(findings: readonly Finding[]): Examination['verdicts'] {
  const verdict = (browser: (typeof BROWSERS)[number]): Verdict => {
    const severities = findings
      .filter(({ affects }) => affects.includes(browser))
      .map(({ severity }) => severity);
    return severities.includes('failure') ? 'fails' : severities.includes('warning') ? 'impaired' : 'fine';
  };
  return { Chrome: verdict('Chrome'), Firefox: verdict('Firefox'), Safari: verdict('Safari') };
}
