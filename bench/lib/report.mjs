// Turns the cells of a run into tables.
import { LOAD_CORE, SERVER_CORE } from './processes.mjs';
import { format, median } from './statistics.mjs';
import { table } from './table.mjs';

/** A load that was this busy may have been what limited the value. */
const SATURATED = 0.95;

/**
 * @param {object} run what `runRounds` answered
 * @returns {string} Markdown: medians with ratios, extremes, processor time, and what disturbed
 */
export function report(run, servers, measurements, base) {
  const cells = (measurement, server) => run.cells.get(`${measurement.name}/${server.name}`) ?? [];
  const columns = measurements.flatMap((measurement) =>
    measurement.columns.map((column, index) => ({
      title: `${column.title}, ${column.unit}`,
      values: (server) => cells(measurement, server).map((cell) => cell?.values[index]),
      mark: (server) => (isLimitedByLoad(cells(measurement, server)) ? '≥ ' : ''),
    })),
  );
  const costs = measurements
    .filter(({ cost }) => cost)
    .map((measurement) => ({
      title: `${measurement.columns[0].title}, ${measurement.cost.unit}`,
      values: (server) => cells(measurement, server).map((cell) => cell?.cost),
      mark: () => '',
    }));
  const all = [...run.cells.values()].flat().filter((cell) => cell?.others !== undefined);

  return [
    `Medians, and in parentheses the ratio to ${base.title}: the median of the rounds' ratios.`,
    grid(servers, columns, ({ values, mark }, server) =>
      withRatio(values(server), values(base), mark(server)),
    ),
    'From the least to the greatest of the rounds:',
    grid(servers, columns, ({ values }, server) => extremes(values(server))),
    ...(costs.length > 0
      ? [
          "Processor time of the server, its part of the kernel's work included, and its ratio:",
          grid(servers, costs, ({ values }, server) => withRatio(values(server), values(base), '')),
        ]
      : []),
    ...(all.length > 0
      ? [
          `How busy the server kept core ${SERVER_CORE} / the load kept core ${LOAD_CORE}, in per cent, medians:`,
          grid(
            servers,
            measurements.map((measurement) => ({ title: measurement.name, measurement })),
            ({ measurement }, server) => busy(cells(measurement, server)),
          ),
          disturbance(all, run.repeats),
        ]
      : []),
    ...(run.failures.length > 0
      ? [`Failed: ${[...new Set(run.failures)].map((line) => line.replace(/\s+/g, ' ')).join('; ')}.`]
      : []),
  ].join('\n\n');
}

function grid(servers, columns, cell) {
  const rows = servers.map((server) => [server.title, ...columns.map((column) => cell(column, server))]);
  return table(['', ...columns.map(({ title }) => title)], rows);
}

function withRatio(values, base, mark) {
  const present = values.filter(Number.isFinite);
  if (present.length === 0) return 'failed';
  const ratios = values.map((value, round) => value / base[round]).filter(Number.isFinite);
  return `${mark}${format(median(present))} (${ratios.length > 0 ? median(ratios).toFixed(2) : '-'})`;
}

function extremes(values) {
  const present = values.filter(Number.isFinite);
  return present.length === 0 ? '-' : `${format(Math.min(...present))} - ${format(Math.max(...present))}`;
}

function isLimitedByLoad(cells) {
  return medianBusy(cells).load >= SATURATED;
}

function busy(cells) {
  const { server, load } = medianBusy(cells);
  return Number.isFinite(server) ? `${Math.round(server * 100)} / ${Math.round(load * 100)}` : '-';
}

function medianBusy(cells) {
  const of = (name) => median(cells.map((cell) => cell?.[name]).filter(Number.isFinite));
  return { server: of('serverBusy'), load: of('loadBusy') };
}

function disturbance(cells, repeats) {
  const shares = cells.map(({ others }) => others);
  const percent = (share) => `${(share * 100).toFixed(0)} %`;
  return (
    `Other programs took, in the median measurement, ${percent(median(shares))} of a core, and ` +
    `${percent(Math.max(...shares))} in the worst; ${repeats} disturbed measurements were repeated.`
  );
}
