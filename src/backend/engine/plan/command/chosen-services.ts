import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import type { Declared } from '../../../backend.ts'
import { unknownServices } from './unknown-service.ts'

/** The named services, on request with what they depend on, or all active ones; dependencies first. */
export function chosenServices(
  { stack, graph }: Declared,
  { services, dependencies }: { services: string[]; dependencies: boolean },
): Checked<string[]> {
  const known = Object.keys(stack.services)
  const unknown = unknownServices(services, known)
  if (unknown.length > 0) return failed(...unknown)
  const named = services.length > 0 ? services : known
  const wanted = dependencies ? graph.closure(named) : new Set(named)
  return { ok: true, value: graph.order().filter((name) => wanted.has(name)), warnings: [] }
}
