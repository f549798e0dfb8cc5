// Results of earlier runs, so that checks that ran one by one make one table.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from './npm.mjs'

/**
 * Resolves to the result of `compare` with the rows of earlier runs for checks that did not run in this one, in the order of the
 * client's checks. Rows of another version of the client or of a plugin are dropped.
 */
export async function withSaved(result, plugins) {
  const file = join(cacheFolder(), 'results', `${result.client}.json`)
  const versions = [result.version, ...plugins.map(({ version }) => version)].join(' ')
  const saved = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {}
  const earlier = saved.versions === versions ? saved.rows : []
  const byName = new Map([...earlier, ...result.rows].map((row) => [row.name, row]))
  const rows = result.all.flatMap((name) => byName.get(name) ?? [])
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify({ versions, rows }))
  return { ...result, rows: rows.map((row) => ({ ...row, reason: result.reasons[row.name] })) }
}
