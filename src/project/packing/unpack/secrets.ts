import { randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseDotenv } from '../../../load/variable/dotenv.ts'
import { usedVariables } from '../../../load/variable/used-variables.ts'
import { variablesOf } from '../../../load/variable/variables.ts'
import type { PackedSecret } from '../../../pack/types.ts'
import type { Places } from './places.ts'

const SECRET_BYTES = 16
const OWNER_ONLY = 0o600

export interface Secrets {
  /** Names of variables and paths of files that got fresh random values. */
  fresh: string[]
  /** Secrets that the user has to supply, with the place of each. */
  missing: string[]
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Gives fresh random values to the secrets that a pack names and never holds: files that are not there, and variables that neither the
 * environment nor `.env` sets, and that have no default.
 * @param settings further lines of `.env`
 */
export async function freshSecrets(
  secrets: readonly PackedSecret[],
  places: Places,
  env: Environment,
  settings: Readonly<Record<string, string>> = {},
): Promise<Secrets> {
  const found: Secrets = { fresh: [], missing: [] }
  for (const each of secrets.filter(({ from }) => from === 'file')) await freshFile(each, places, found)
  const names = new Set(secrets.filter(({ from }) => from !== 'file').map(({ place }) => place))
  const unset = await unsetVariables(names, places.stack, env)
  const values = new Map([...unset.map((name): [string, string] => [name, randomValue()]), ...Object.entries(settings)])
  if (values.size > 0) await addVariables(places.stack, values)
  found.fresh.push(...unset)
  return found
}

/** Letters and digits, so that it can stand in a URL. */
function randomValue(): string {
  return randomBytes(SECRET_BYTES).toString('hex')
}

async function freshFile({ name, place }: PackedSecret, places: Places, found: Secrets): Promise<void> {
  const path = resolve(places.stack, place)
  if (!path.startsWith(`${places.root}${sep}`)) {
    found.missing.push(`${name}: ${place}`)
    return
  }
  if (await lstat(path).catch(() => undefined)) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, randomValue(), { flag: 'wx', mode: OWNER_ONLY })
  found.fresh.push(relative(places.root, path))
}

/** Names that nothing sets, or that are empty in `.env`, and for which the stack's files have no default. */
async function unsetVariables(names: ReadonlySet<string>, stack: string, env: Environment): Promise<string[]> {
  if (names.size === 0) return []
  const parsed = parseDotenv(await textOf(join(stack, '.env')), '.env', (name) => env[name])
  const set = parsed.ok ? parsed.value : new Map<string, { value: string }>()
  const uses = usedVariables(await yamlTexts(stack), variablesOf({}))
  const defaults = new Set(uses.flatMap(({ name, default: value }) => (value === undefined ? [] : [name])))
  return [...names].filter((name) => !env[name] && !set.get(name)?.value && !defaults.has(name)).sort()
}

async function yamlTexts(folder: string): Promise<[string, string][]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort()
  return Promise.all(names.map(async (name): Promise<[string, string]> => [name, await textOf(join(folder, name))]))
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

/** Values take the place of empty lines of their names. */
async function addVariables(stack: string, values: ReadonlyMap<string, string>): Promise<void> {
  const path = join(stack, '.env')
  const before = (await textOf(path)).split('\n')
  const kept = before.filter(
    (line) => !values.has(/^\s*(?:export\s+)?([\w.]+)\s*=\s*(?:''|"")?\s*$/.exec(line)?.[1] ?? ''),
  )
  while (kept.at(-1) === '') kept.pop()
  const lines = [...kept, ...[...values].map(([name, value]) => `${name}=${value}`)]
  await writeFile(path, `${lines.join('\n')}\n`, { mode: OWNER_ONLY })
  await chmod(path, OWNER_ONLY)
}
