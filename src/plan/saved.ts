import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { canonicalJson } from './fingerprint.ts'
import type { Plan } from './plan.ts'

/** The version of the file format, steps included. Other versions are refused. 2: steps have a phase. */
export const VERSION = 2

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
  plan: { steps: { id: string }[] }
}

export interface SaveInput {
  origins: Origins
  intent: unknown
  basis: Basis
  /** The plan without secrets. */
  masked: SavedPlan['plan']
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

export function changedSince(saved: SavedPlan, basis: Basis): (keyof Basis)[] {
  const now = digestsOf(basis, saved.salt)
  return PARTS.filter((part) => now[part] !== saved.digests[part])
}

export const PARTS = ['model', 'facts', 'plan'] as const satisfies readonly (keyof Basis)[]

function digestsOf(basis: Basis, salt: string): Record<keyof Basis, string> {
  const digest = (part: keyof Basis) => slowHash(canonicalJson(basis[part]), `${salt}${part}`)
  return { model: digest('model'), facts: digest('facts'), plan: digest('plan') }
}

/** scrypt with Node's default cost, over a fast hash of the text. */
function slowHash(text: string, salt: string): string {
  const quick = createHash('sha256').update(text).digest()
  return scryptSync(quick, salt, 32).toString('base64url')
}
