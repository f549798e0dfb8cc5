import { isAbsolute } from 'node:path'
import type { UpIntent } from '../backend/intent.ts'
import { type Checked, failed, unwrap } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import { MOST_CONTAINERS } from '../load/check/counts.ts'
import { PARTS, type SavedPlan, VERSION } from '../plan/saved.ts'
import { isMapping } from '../util/object.ts'
import { fields, flag, instead, list, optional, record, type Shape, text } from '../util/shape.ts'
import { parsedJson } from '../util/text.ts'

/** A saved plan whose values have been checked. */
export type CheckedPlan = SavedPlan & { intent: UpIntent }

/** Parses a saved plan. `file` is its name in error messages. */
export function parseSaved(content: string, file: string): Checked<CheckedPlan> {
  return checkSaved(parsedJson(content), file)
}

/** Returns the plan if it has the shape that `plan --out` and the library save. Throws StackError otherwise. */
export function demandSaved(saved: unknown): CheckedPlan {
  return unwrap(checkSaved(saved, 'the plan'))
}

function checkSaved(saved: unknown, file: string): Checked<CheckedPlan> {
  const version = isMapping(saved) ? saved.flotillaPlan : undefined
  if (typeof version === 'number' && version > VERSION)
    return refuse(
      `${file} was saved by a newer flotilla`,
      `run ${ownCommand('plan --out')} again, or apply it with the newer version`,
    )
  if (typeof version === 'number' && version > 0 && version < VERSION)
    return refuse(`${file} was saved by an older flotilla`, `run ${ownCommand('plan --out')} again`)
  if (version !== VERSION) return refuse(`${file} is not a saved plan`, SAVES)
  const misfit = SAVED(saved)
  if (!misfit) return { ok: true, value: saved as CheckedPlan, warnings: [] }
  const what = foreign(`${misfit.path.slice(1)} is ${misfit.words}`)
  return refuse(`${file} is not a saved plan: ${what}`, SAVES)
}

const SAVES = `${ownCommand('plan --out FILE')} saves one`

function refuse(message: string, hint: string): Checked<never> {
  return failed(error('usage', message, { hint }))
}

/** In the format of Date. */
const date: Shape = (value) => (typeof value === 'string' && ISO.test(value) ? undefined : instead(value, 'a time'))
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const filled: Shape = (value) => (value === '' ? instead(value, 'a non-empty string') : text(value))

const path: Shape = (value) =>
  typeof value === 'string' && isAbsolute(value) && !value.includes('\0') ? undefined : instead(value, 'a path')

const some: Shape = (value) =>
  Array.isArray(value) && value.length === 0 ? { path: '', words: 'an empty list' } : list(path)(value)

/** Milliseconds. */
const duration: Shape = (value) =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? undefined : instead(value, 'a duration')

const containers: Shape = (value) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_CONTAINERS
    ? undefined
    : instead(value, `a number of containers up to ${MOST_CONTAINERS}`)

const up: Shape = (value) => (value === 'up' ? undefined : instead(value, '"up"'))

const INTENT: Record<keyof UpIntent, Shape> = {
  kind: up,
  services: list(text),
  build: flag,
  noBuild: flag,
  forceRecreate: flag,
  recreateDependencies: optional(flag),
  noRecreate: flag,
  locked: optional(fields({ images: record(text), strict: flag })),
  removeOrphans: flag,
  ignoreOrphans: optional(flag),
  noDeps: flag,
  noStart: flag,
  wait: flag,
  waitTimeout: optional(duration),
  pull: optional(text),
  timeout: optional(duration),
  renewAnonymousVolumes: flag,
  takeOver: optional(flag),
  scale: optional(record(containers)),
  allResources: optional(flag),
  // Only `unpack` may use volumes that it is filling.
  filling: (value) => (value === undefined ? undefined : instead(value, 'nothing')),
}

const ORIGINS = {
  files: some,
  projectDirectory: optional(path),
  projectName: filled,
  profiles: list(text),
  envFiles: list(path),
}

const SAVED = fields({
  made: date,
  origins: fields(ORIGINS),
  intent: fields(INTENT),
  salt: text,
  digests: fields(Object.fromEntries(PARTS.map((part) => [part, text]))),
  plan: fields({ steps: list(fields({ id: text })) }),
})
