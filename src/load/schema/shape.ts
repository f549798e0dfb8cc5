import type { Path } from '../../yaml/tree.ts'
import { SCHEMA, type Shape } from '../generated/validate.js'

/** The part of the stack schema for a value; `name` is that of its shared definition, e.g. `duration`. */
export interface SchemaNode {
  shape: Shape
  name?: string
}

/** Undefined below an extension or an unknown key. */
export function schemaAt(path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = resolved(SCHEMA)
  for (const step of path) node = node && childOf(node, step)
  return node
}

/** The value under a key, or an item of a list. */
export function childOf(node: SchemaNode, step: string | number): SchemaNode | undefined {
  const { shape } = node
  if (typeof step === 'number') return shape.items && resolved(shape.items)
  const other = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined
  const found = isNamed(node, step) ? shape.properties?.[step] : other
  return found && resolved(found)
}

/** Whether the schema lists the key, as opposed to a key that the user chooses. */
export function isNamed({ shape }: SchemaNode, key: string | number): boolean {
  return shape.properties !== undefined && Object.hasOwn(shape.properties, key)
}

function resolved(shape: Shape): SchemaNode {
  const name = shape.$ref?.replace('#/$defs/', '')
  const target = name === undefined ? undefined : SCHEMA.$defs?.[name]
  return name !== undefined && target ? { shape: target, name } : { shape }
}

export function keysOf(node: SchemaNode | undefined): string[] {
  return Object.keys(node?.shape.properties ?? {})
}

/** The keys of a shared definition: `service`, `build`, `deploy`, `healthcheck`, … */
export function keysOfDefinition(name: string): string[] {
  return Object.keys(SCHEMA.$defs?.[name]?.properties ?? {})
}

export function typesOf(node: SchemaNode | undefined): string[] {
  return [node?.shape.type ?? []].flat()
}
