// The table in samples/README.md: each sample with its line, its command, and what it was measured to cost (samples/costs.json).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SAMPLES_FOLDER, sampleNamed, sampleNames } from './samples.mjs'

const README = join(SAMPLES_FOLDER, 'README.md')
const COSTS = join(SAMPLES_FOLDER, 'costs.json')
const MARKED = /(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/

const HEAD =
  '| sample | what | command | images | build | start | memory |\n| --- | --- | --- | ---: | ---: | ---: | ---: |\n'

/** `{ NAME: { imageBytes, buildSeconds?, startSeconds, memoryBytes, tests } }` */
export function costs() {
  return existsSync(COSTS) ? JSON.parse(readFileSync(COSTS, 'utf8')) : {}
}

/** Adds what has been measured to what is known, and writes both files. */
export function record(measured) {
  const known = costs()
  const kept = sampleNames().filter((name) => measured[name] ?? known[name])
  const all = Object.fromEntries(kept.map((name) => [name, { ...known[name], ...measured[name] }]))
  writeFileSync(COSTS, `${JSON.stringify(all, null, 2)}\n`)
  writeTable()
}

export function writeTable() {
  writeFileSync(README, withTable(readFileSync(README, 'utf8'), tableOf(costs())))
}

export function withTable(readme, table) {
  return readme.replace(MARKED, (_, begin, end) => `${begin}${table}${end}`)
}

export function tableOf(known) {
  return (
    HEAD +
    sampleNames()
      .map((name) => rowOf(sampleNamed(name), known[name] ?? {}))
      .join('')
  )
}

function rowOf({ name, alias, line }, { imageBytes, buildSeconds, startSeconds, memoryBytes }) {
  const command = `npm run demo${name === 'lab' ? '' : ` -- ${alias ?? name}`}`
  const cells = [
    `[${alias ? `${name}, \`${alias}\`` : name}](${folderOf(name)})`,
    line,
    `\`${command}\``,
    inUnits(imageBytes, 1e6, 'MB'),
    inUnits(buildSeconds, 1, 's'),
    inUnits(startSeconds, 1, 's'),
    inUnits(memoryBytes, 2 ** 20, 'MiB'),
  ]
  return `| ${cells.join(' | ')} |\n`
}

/** A stack of a collection is explained in the collection's folder. */
function folderOf(name) {
  return name.includes('/') ? `${name}/stack.yaml` : name
}

function inUnits(value, unit, name) {
  if (value === undefined) return ''
  const scaled = value / unit
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${name}`
}
