// Cases to compare with `docker compose config`: what is run where, and what was recorded of it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Variables that every case sees, on every machine; `HOME` is what `~` stands for. */
export const ENVIRONMENT = { HOME: '/home/lab', SET: 'is-set', EMPTY: '' }

/** Folders of files that cases refer to, and of no interest. */
const SKIPPED = ['parts', 'node_modules']
const RECORDS = 'recorded.jsonl'

/**
 * Every case below a folder: `{ name, theme, cwd, args, flags, env, stdin }`. A folder with a cases.json holds the cases that
 * it names, each with the arguments before `config`, flags behind it, and its variables; elsewhere each YAML file is a case of its own.
 */
export function casesIn(root) {
  return themesIn(root).flatMap((theme) => casesOf(root, theme))
}

function themesIn(folder) {
  const inner = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.includes(entry.name))
    .map((entry) => entry.name)
    .sort()
  return [folder, ...(tableOf(folder) ? [] : inner.flatMap((name) => themesIn(join(folder, name))))]
}

function casesOf(root, theme) {
  const table = tableOf(theme) ?? singleFiles(theme)
  return Object.entries(table).map(([name, { args = [], flags = [], env = {}, cwd = '.', stdin }]) => ({
    name: join(relative(root, theme), name),
    theme,
    cwd: join(theme, cwd),
    args,
    flags,
    env: { ...ENVIRONMENT, ...env },
    stdin: stdin === undefined ? '' : readFileSync(join(theme, stdin), 'utf8'),
  }))
}

function tableOf(theme) {
  const file = join(theme, 'cases.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

function singleFiles(theme) {
  const files = readdirSync(theme).filter((name) => /\.ya?ml$/.test(name))
  return Object.fromEntries(files.sort().map((file) => [file, { args: ['-f', file] }]))
}

/** What was recorded of a folder's cases, by name: `{ refused: true }` or `{ model }`. */
export function recordsIn(root) {
  const lines = themesIn(root).flatMap((theme) => linesOf(join(theme, RECORDS)))
  return new Map(lines.map((line) => JSON.parse(line.replaceAll('<corpus>', root))).map((each) => [each.case, each]))
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch (cause) {
    if (cause.code === 'ENOENT') return []
    throw cause
  }
}

/** Writes a theme's records, one a line; the folder's own path is written as `<corpus>`. */
export function writeRecords(root, theme, records) {
  const lines = records.map((record) => `${JSON.stringify(record).replaceAll(root, '<corpus>')}\n`)
  writeFileSync(join(theme, RECORDS), lines.join(''))
}
