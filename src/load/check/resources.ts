import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode } from '../../yaml/tree.ts'
import { isNull, mapOf, textAt } from '../tree/nodes.ts'

/**
 * Top-level resources: where their content comes from, and what `external` excludes, however little it says. Of a merged model,
 * before what is empty is left out. Shape alone is what `docker compose` checks without variables, or consistency: there a
 * driver, or any `external`, may stand for the content. Source: compose-go, validation/ and loader/validate.go.
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
  /** Those that may say where the content comes from; one of them has to. */
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
  // A secret of no variable is none, as in compose-go; a config may hold nothing.
  const unnamed = kind === 'secret' && !shapeAlone && textAt(node, 'environment') === ''
  if ((first && !unnamed) || textAt(node, 'external') === 'true') return []
  if (shapeAlone && ['external', 'driver'].some((key) => node.entries.has(key))) return []
  const hint = `add one of ${keys.join(', ')}, or external: true`
  return [
    error('missing-key', `the ${kind} "${name}" does not say where its content comes from`, { at: node.at, hint }),
  ]
}

function externalVolume(name: string, node: MapNode): Diagnostic[] {
  if (textAt(node, 'external') !== 'true') return []
  const other = [...node.entries].find(([key]) => !['external', 'name'].includes(key) && !key.startsWith('x-'))
  if (!other) return []
  const [key, { keyAt }] = other
  return [
    error('conflicting-keys', `the volume "${name}" is external and has ${key}`, {
      at: keyAt,
      hint: 'what is external is made elsewhere: remove the rest, or external',
    }),
  ]
}
