// What the terminal and docs/benchmark.md show of the results, as rows of cells.
import { COMPOSE, FLOOR, FLOTILLA } from './subjects.mjs'
import { held } from './targets.mjs'

const NAMES = [FLOOR, FLOTILLA, COMPOSE]

export const OPERATIONS = {
  up: 'first up -d',
  again: 'up -d, nothing to do',
  change: 'up -d, one changed',
  down: 'down',
  ps: 'ps',
  config: 'config -q',
  handoff: 'pass to start call',
}

/** All results as text: times with ratios, then processor time and memory, then the targets. */
export function report(results) {
  const tables = [timesTable(results), costTable(results), targetsTable(results)]
  return tables.map((table) => aligned(table).join('\n')).join('\n\n')
}

/** Medians of wall time, and flotilla's ratio to the others. */
export function timesTable({ rows }) {
  const heading = ['stack', 'operation', ...NAMES, 'x floor', 'x compose']
  const body = rows.map((row) => [
    row.case,
    OPERATIONS[row.operation],
    ...NAMES.map((each) => duration(row.subjects[each]?.ms?.median)),
    ...[FLOOR, COMPOSE].map((other) => held(row, 'x', other)?.toFixed(2) ?? ''),
  ])
  return [heading, ...body]
}

/** Medians of processor time and peak memory of the client, where they could be measured. */
export function costTable({ rows }) {
  const heading = ['stack', 'operation', ...NAMES.map((name) => `CPU ${name}`), ...NAMES.map((name) => `peak ${name}`)]
  const measured = rows.filter(({ subjects }) => subjects[FLOTILLA]?.cpu)
  const body = measured.map((row) => [
    row.case,
    OPERATIONS[row.operation],
    ...NAMES.map((each) => duration(row.subjects[each]?.cpu?.median)),
    ...NAMES.map((each) => megabytes(row.subjects[each]?.memory?.median)),
  ])
  return [heading, ...body]
}

/** Each target on each row, those that are missed first. */
export function targetsTable({ targets }) {
  const heading = ['stack', 'operation', 'target', 'measured', 'verdict']
  const body = [...targets.filter((each) => !each.holds), ...targets.filter((each) => each.holds)].map((each) => [
    each.case,
    OPERATIONS[each.operation],
    `at most ${amount(each, each.most)}`,
    amount(each, each.measured),
    each.holds ? 'holds' : `missed by ${missedBy(each)}`,
  ])
  return [heading, ...body]
}

/** E.g. `1.08 x floor`, `floor + 32 ms`, `118 ms`. */
function amount({ by, of }, value) {
  if (by === 'x') return `${value.toFixed(2)} x ${of}`
  return of ? `${of} ${value < 0 ? '-' : '+'} ${duration(Math.abs(value))}` : duration(value)
}

function missedBy({ by, measured, most }) {
  return by === 'x' ? `${((measured / most - 1) * 100).toFixed(0)} %` : duration(measured - most)
}

/** E.g. `87 ms`, `2.34 s`. */
export function duration(ms) {
  if (ms === undefined) return ''
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

function megabytes(value) {
  return value === undefined ? '' : `${value.toFixed(0)} MB`
}

/** Columns as wide as they need; the first two to the left, numbers to the right. */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const cell = (text, column) => (column < 2 ? text.padEnd(widths[column]) : text.padStart(widths[column]))
  return rows.map((row) => row.map(cell).join('  ').trimEnd())
}

/** The same rows as a table of Markdown. */
export function markdown([heading, ...body]) {
  const lineOf = (cells) => `| ${cells.join(' | ')} |`
  const rule = heading.map((_, column) => (column < 2 ? '---' : '---:'))
  return [heading, rule, ...body].map(lineOf).join('\n')
}
