// Writes the table of a journey into a page, between its marks.
import { readFileSync, writeFileSync } from 'node:fs'

const BEGIN = '<!-- npm run elsewhere -->'
const END = '<!-- end -->'

export function recordIn(page, rows) {
  const text = tableOf(rows)
  console.log(`\n${text}`)
  const before = readFileSync(page, 'utf8')
  const [start, end] = [before.indexOf(BEGIN), before.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`${page} has no place for the table: ${BEGIN} … ${END}`)
  writeFileSync(page, `${before.slice(0, start)}${BEGIN}\n${text}${before.slice(end)}`)
}

function tableOf(rows) {
  const head = ['from engine', 'to engine', 'file', 'pack', 'unpack', 'up', 'tables and files compared']
  const body = rows.map(({ from, to, bytes, packed, unpacked, up, tables }) => [
    from,
    to,
    `${(bytes / 1e6).toFixed(0)} MB`,
    ...[packed, unpacked, up].map((seconds) => `${seconds.toFixed(0)} s`),
    `${tables}, all the same`,
  ])
  const line = (cells) => `| ${cells.join(' | ')} |\n`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('')
}
