import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode } from '../../yaml/tree.ts'
import { isNull, mapOf, textAt } from '../tree/nodes.ts'

/**
 * Checks top-level resources: the source of their content, and keys that `external` excludes, even if they are empty. Takes a merged
 * model before empty values are removed. `shapeAlone` applies the checks of `docker compose` without interpolation or consistency:
 * there, a driver or any `external` replaces the content. Source: compose-go, validation/ and loader/validate.go.
 */
export function checkResources(model: MapNode, shapeAlone = false): Diagnostic[] {
  const sources = (kind: string, keys: string[]) =>
    resourcesOf(model, `${kind}s`).flatMap(([name, node]) => checkSources({ kind, name, node, keys, shapeAlone }))
  return [
    ...sources('secret', ['file', 'environment']),
    ...sources('config', ['file', 'environment', 'content']),
    ...resourcesOf(model, 'volumes').flatMap(([name, node]) => externalVolume(name, node)),
  ]
}

function resourcesOf(model: MapNode, section: string): [string, MapNode][] {
  const node = get(model, section)
  const entries = node?.kind === 'map' ? [...node.entries] : []
  return entries.flatMap(([name, { value }]) => {
    const resource = isNull(value) ? mapOf({}, value) : value
    return resource.kind === 'map' ? [[name, resource]] : []
  })
}

interface Sourced {
  kind: string
  name: string
  node: MapNode
  /** Keys for the source of the content; exactly one is required. */
  keys: string[]
  shapeAlone: boolean
}

function checkSources({ kind, name, node, keys, shapeAlone }: Sourced): Diagnostic[] {
  const [first, second] = keys.flatMap((key) => node.entries.get(key) ?? [])
  if (first && second) {
    const message = `the ${kind} "${name}" has more than one of ${keys.join(', ')}`
    return [
      error('conflicting-keys', message, {
        at: second.keyAt,
        hint: 'keep one of them',
        related: [{ message: 'the first one', at: first.keyAt }],
      }),
    ]
  }
  // As in compose-go, an empty variable name is an error for a secret, but not for a config.
  const unnamed = kind === 'secret' && !shapeAlone && textAt(node, 'environment') === ''
  if ((first && !unnamed) || textAt(node, 'external') === 'true') return []
  if (shapeAlone && ['external', 'driver'].some((key) => node.entries.has(key))) return []
  const hint = `add one of ${keys.join(', ')}, or external: true`
  return [error('missing-key', `the ${kind} "${name}" is missing a source for its content`, { at: node.at, hint })]
}

function externalVolume(name: string, node: MapNode): Diagnostic[] {
  if (textAt(node, 'external') !== 'true') return []
  const other = [...node.entries].find(([key]) => !['external', 'name'].includes(key) && !key.startsWith('x-'))
  if (!other) return []
  const [key, { keyAt }] = other
  return [
    error('conflicting-keys', `the external volume "${name}" has the key ${key}`, {
      at: keyAt,
      hint: 'external volumes are created elsewhere: remove the other keys, or `external`',
    }),
  ]
}
