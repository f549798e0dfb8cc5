import { type Checked, checked, failed } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import type { Span } from '../diagnostics/span.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Engine } from '../docker/port.ts'

/** The backend that holds the stack, and its location. To add a backend, add a member here: the compile errors show what it needs. */
export type Target = { backend: 'engine'; engine: Engine }

export type BackendKind = Target['backend']

const NAMES: Readonly<Record<BackendKind, true>> = { engine: true }

/** One Docker engine: the one that DOCKER_HOST or the Docker context selects. */
export const DEFAULT_BACKEND: BackendKind = 'engine'

/** Looks up a backend by the name in a flag or a stack file. */
export function backendNamed(name: string, at?: Span): Checked<BackendKind> {
  if (isBackend(name)) return checked(name, [])
  const known = Object.keys(NAMES)
  const hint = didYouMean(name, known) ?? `known: ${known.join(', ')}`
  return failed(error('invalid-value', `unknown backend "${foreign(name)}"`, { at, hint }))
}

function isBackend(name: string): name is BackendKind {
  return Object.hasOwn(NAMES, name)
}

/** Rejects a stack whose file declares another backend than the one in use. */
export function checkBackend(declared: { name: string; at: Span }, used: BackendKind): Checked<BackendKind> {
  const named = backendNamed(declared.name, declared.at)
  if (!named.ok || named.value === used) return named
  const message = `this stack is for the backend "${named.value}", and "${used}" is in use`
  return failed(error('invalid-value', message, { at: declared.at, hint: `add --backend ${named.value}` }))
}
