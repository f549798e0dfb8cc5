import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { type Checked, failed } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { isMapping } from '../util/object.ts'
import { canonicalJson } from './fingerprint.ts'
import type { Plan } from './plan.ts'

/** The version of the file format, steps included. Other versions are refused. 2: steps have a phase. */
const VERSION = 2

/** The source of the stack, so that `apply` can load it again from any directory. Paths are absolute. */
export interface Origins {
  files: string[]
  projectDirectory?: string
  projectName: string
  profiles: string[]
  envFiles: string[]
}

/** The inputs of a plan and the plan itself, as JSON data. */
export interface Basis {
  /** The stack, with the digests of its secrets. */
  model: unknown
  /** The observed state that the plan depends on. */
  facts: unknown
  plan: Plan<unknown>
}

/**
 * A saved plan: the masked steps for people, and salted digests for `apply`. The digests are slow to compute, because
 * the model may hold secrets that are easy to guess.
 */
export interface SavedPlan {
  flotillaPlan: typeof VERSION
  /** The version of flotilla that saved the plan, and the time (ISO 8601). */
  flotilla: string
  made: string
  origins: Origins
  intent: unknown
  /** Hexadecimal. */
  salt: string
  digests: Record<keyof Basis, string>
  /** In the format of `plan --format json`. */
  plan: unknown
}

export interface SaveInput {
  origins: Origins
  intent: unknown
  basis: Basis
  /** The plan without secrets. */
  masked: unknown
  flotilla: string
  /** Milliseconds since the epoch. */
  now: number
}

export function savePlan({ origins, intent, basis, masked, flotilla, now }: SaveInput): SavedPlan {
  const salt = randomBytes(16).toString('hex')
  const made = new Date(now).toISOString()
  const digests = digestsOf(basis, salt)
  return { flotillaPlan: VERSION, flotilla, made, origins, intent, salt, digests, plan: masked }
}

/** The parts that changed since the plan was saved. */
export function changedSince(saved: SavedPlan, basis: Basis): (keyof Basis)[] {
  const now = digestsOf(basis, saved.salt)
  return PARTS.filter((part) => now[part] !== saved.digests[part])
}

/** Parses a saved plan. `file` is its name in error messages. */
export function parseSaved(text: string, file: string): Checked<SavedPlan> {
  const saved = parsed(text)
  const version = saved?.flotillaPlan
  if (typeof version === 'number' && version > VERSION)
    return refuse(
      `${file} was saved by a newer flotilla`,
      'run flotilla plan --out again, or apply it with the newer version',
    )
  if (typeof version === 'number' && version > 0 && version < VERSION)
    return refuse(`${file} was saved by an older flotilla`, 'run flotilla plan --out again')
  if (!saved || version !== VERSION || !isComplete(saved))
    return refuse(`${file} is not a saved plan`, 'flotilla plan --out FILE saves one')
  return { ok: true, value: saved as unknown as SavedPlan, warnings: [] }
}

const PARTS = ['model', 'facts', 'plan'] as const satisfies readonly (keyof Basis)[]

function digestsOf(basis: Basis, salt: string): Record<keyof Basis, string> {
  const digest = (part: keyof Basis) => slowHash(canonicalJson(basis[part]), `${salt}${part}`)
  return { model: digest('model'), facts: digest('facts'), plan: digest('plan') }
}

/** scrypt with Node's default cost, over a fast hash of the text. */
function slowHash(text: string, salt: string): string {
  const quick = createHash('sha256').update(text).digest()
  return scryptSync(quick, salt, 32).toString('base64url')
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMapping(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isComplete({ origins, digests, salt, intent }: Record<string, unknown>): boolean {
  if (!isMapping(origins) || !isMapping(digests) || !isMapping(intent) || typeof salt !== 'string') return false
  const lists = [origins.files, origins.profiles, origins.envFiles].every(isTexts)
  const isPlaced = origins.projectDirectory === undefined || typeof origins.projectDirectory === 'string'
  return (
    lists &&
    isPlaced &&
    isUp(intent) &&
    typeof origins.projectName === 'string' &&
    PARTS.every((part) => typeof digests[part] === 'string')
  )
}

const SWITCHES = ['build', 'noBuild', 'forceRecreate', 'noRecreate', 'removeOrphans', 'noDeps', 'noStart', 'wait']
const OTHERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  recreateDependencies: isSwitch,
  renewAnonymousVolumes: isSwitch,
  ignoreOrphans: isSwitch,
  allResources: isSwitch,
  waitTimeout: isCount,
  timeout: isCount,
  pull: (value) => typeof value === 'string',
  scale: (value) => isMapping(value) && Object.values(value).every(isCount),
}

/** Whether an intent has the shape that `plan` saves. A file may hold anything. */
function isUp(intent: Record<string, unknown>): boolean {
  const others = Object.entries(OTHERS).every(([key, isRight]) => intent[key] === undefined || isRight(intent[key]))
  return intent.kind === 'up' && isTexts(intent.services) && SWITCHES.every((key) => isSwitch(intent[key])) && others
}

function isSwitch(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function refuse(message: string, hint: string): Checked<never> {
  return failed(error('usage', message, { hint }))
}
