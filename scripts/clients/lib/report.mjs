// Results of clients as tables of docs/clients.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../lib/project.mjs'

const DOCUMENT = join(root, 'docs/clients.md')
/**
 * Why flotilla does not pass, or undefined. A check that docker compose itself fails says nothing about flotilla. A reason excuses that
 * the client sees something else, not that it fails.
 */
export function fault({ theirs, ours, isSame, reason }) {
  if (isSame || !theirs.passed || (reason && ours.passed)) return undefined
  return ours.passed
    ? `the client sees ${JSON.stringify(ours.seen)}, with docker compose ${JSON.stringify(theirs.seen)}`
    : ours.message
}

/** Writes a client's results between its markers of the document. */
export function publish(result, plugins) {
  const [begin, end] = [`<!-- results: ${result.client} -->`, `<!-- end: ${result.client} -->`]
  const text = readFileSync(DOCUMENT, 'utf8')
  const [before, rest] = text.split(begin)
  const [, after] = rest.split(end)
  writeFileSync(DOCUMENT, `${before}${begin}\n\n${section(result, plugins)}\n\n${end}${after}`)
}

function section({ title, version, all, rows }, [theirs, ours]) {
  const passed = (side) => rows.filter(side).length
  const ran = rows.length < all.length ? `${rows.length} of ${all.length}` : all.length
  const counts = [ran, passed((row) => row.theirs.passed), passed((row) => row.isSame)]
  const lines = [
    `| ${title} | checks | passed with docker compose ${theirs.version} | the same with flotilla ${ours.version} |`,
    '|---|---|---|---|',
    `| ${version} | ${counts.join(' | ')} |`,
  ]
  return [...lines, ...differences(rows)].join('\n')
}

function differences(rows) {
  const differing = rows.filter(({ isSame }) => !isSame).map((row) => `| ${row.name} | ${cell(row)} |`)
  return differing.length === 0 ? [] : ['', '| check | difference |', '|---|---|', ...differing]
}

function cell(row) {
  const text = fault(row) ?? row.reason ?? `fails with docker compose: ${row.theirs.message}`
  return text.split('\n')[0].replaceAll('|', '\\|').slice(0, 200)
}
