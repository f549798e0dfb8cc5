import type { Path } from '../../yaml/tree.ts'
import { SCHEMA, type Shape } from '../generated/validate.js'

/** What the stack schema says about the value at a path; `name` is the shared definition it comes from, e.g. `duration`. */
export interface Place {
  shape: Shape
  name?: string
}

/** Undefined where the schema says nothing: below an extension, or below an unknown key. */
export function placeAt(path: Path): Place | undefined {
  let place: Place | undefined = resolved(SCHEMA)
  for (const step of path) place = place && childOf(place, step)
  return place
}

/** The value under a key, or an item of a list. */
export function childOf(place: Place, step: string | number): Place | undefined {
  const { shape } = place
  if (typeof step === 'number') return shape.items && resolved(shape.items)
  const other = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined
  const found = isNamed(place, step) ? shape.properties?.[step] : other
  return found && resolved(found)
}

/** Whether the schema knows a key by its name, rather than as one that users choose. */
export function isNamed({ shape }: Place, key: string | number): boolean {
  return shape.properties !== undefined && Object.hasOwn(shape.properties, key)
}

function resolved(shape: Shape): Place {
  const name = shape.$ref?.replace('#/$defs/', '')
  const target = name === undefined ? undefined : SCHEMA.$defs?.[name]
  return name !== undefined && target ? { shape: target, name } : { shape }
}

export function keysOf(place: Place | undefined): string[] {
  return Object.keys(place?.shape.properties ?? {})
}

/** The keys of a shared definition: `service`, `build`, `deploy`, `healthcheck`, … */
export function keysOfDefinition(name: string): string[] {
  return Object.keys(SCHEMA.$defs?.[name]?.properties ?? {})
}

export function typesOf(place: Place | undefined): string[] {
  return [place?.shape.type ?? []].flat()
}
