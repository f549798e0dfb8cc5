// Writes a table into a page, between the marks of the script that made it: `<!-- npm run NAME -->` and `<!-- end of NAME -->`.
import { readFileSync, writeFileSync } from 'node:fs'

/** @param rows the first one holds the headings */
export function recordTable(page, name, rows) {
  const text = tableOf(rows)
  console.log(`\n${text}`)
  const before = readFileSync(page, 'utf8')
  const [begin, end] = [`<!-- npm run ${name} -->`, `<!-- end of ${name} -->`]
  const [start, stop] = [before.indexOf(begin), before.indexOf(end)]
  if (start < 0 || stop < start) throw new Error(`${page} has no place for the table: ${begin} … ${end}`)
  writeFileSync(page, `${before.slice(0, start)}${begin}\n${text}${before.slice(stop)}`)
}

function tableOf([head, ...body]) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('')
}
