import { posix } from 'node:path'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { MapNode, ScalarNode } from '../../yaml/tree.ts'
import { mapOf, scalarLike, textAt, textOf, withEntries } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** A volume mount in long form. Source: Compose Specification, 05-services, "volumes"; compose-go, format.ParseVolume. */
export const mount: Rule = (node, report) => {
  if (node.kind !== 'scalar') return node.kind === 'map' ? longForm(node, report) : node
  const parsed = checkedPart(node, report, () => parse(textOf(node)))
  for (const option of parsed?.unknown ?? []) {
    report(warning('invalid-value', `unknown volume option "${foreign(option)}"`, { at: node.at, hint: OPTIONS_HINT }))
  }
  return parsed && fromShort(parsed, node)
}

function fromShort({ source, target, options, bare }: Short, node: ScalarNode): MapNode {
  const bind = source !== undefined && isHostPath(source)
  const values = {
    type: bind ? 'bind' : 'volume',
    source,
    target: cleaned(target),
    read_only: options.includes('ro') ? true : undefined,
    bind: bind || hasBindOption(options) ? mapOf(bindOptions(options, bind), node) : undefined,
    volume: bind || bare ? undefined : mapOf({ nocopy: options.includes('nocopy') ? true : undefined }, node),
  }
  return mapOf(values, node)
}

const PROPAGATIONS = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']
const SELINUX = ['z', 'Z']
/** Options that the engine or older versions know, but that have no effect here. */
const IGNORED = ['rw', 'delegated', 'cached', 'consistent', 'copy']
const OPTIONS_HINT = `known options: ro, rw, nocopy, z, Z, ${PROPAGATIONS.join(', ')}`

interface Short {
  source?: string
  target: string
  options: string[]
  unknown: string[]
  /** Two characters at most, since Compose checks only that many. */
  bare?: true
}

function parse(spec: string): Short {
  if (spec.length > 0 && spec.length < 3) return { target: spec, options: [], unknown: [], bare: true }
  const parts = splitColons(spec)
  const [first = '', second, third] = parts
  if (parts.some((part) => part === '')) throw new Malformed(`the volume "${foreign(spec)}" has an empty part`, FORMS)
  if (parts.length > 3) throw new Malformed(`the volume "${foreign(spec)}" has too many colons`, FORMS)
  if (second === undefined) return { target: first, options: [], unknown: [] }
  const options = third?.split(',') ?? []
  const known = ['ro', 'nocopy', ...PROPAGATIONS, ...SELINUX, ...IGNORED]
  return { source: first, target: second, options, unknown: options.filter((option) => !known.includes(option)) }
}

const FORMS = 'write VOLUME:TARGET, PATH:TARGET or TARGET, optionally followed by :ro, e.g. "./data:/data:ro"'

/** Splits at colons, except for the colon of a Windows drive. */
function splitColons(spec: string): string[] {
  const part = /[A-Za-z]:\\[^:]*|[A-Za-z]:\/[^:]*(?=:[/\\])|[^:]*/y
  const parts: string[] = []
  for (let at = 0; ; at++) {
    part.lastIndex = at
    const [text = ''] = part.exec(spec) ?? []
    parts.push(text)
    at += text.length
    if (at >= spec.length) return parts
  }
}

/** Paths start with `.`, `/`, `~`, a Windows drive, or the `\\` of a network share; anything else is a volume name. */
function isHostPath(source: string): boolean {
  return /^(?:[./~]|\\\\|[A-Za-z]:)/.test(source)
}

function hasBindOption(options: string[]): boolean {
  return options.some((option) => PROPAGATIONS.includes(option) || SELINUX.includes(option))
}

function bindOptions(options: string[], createHostPath: boolean): Record<string, string | boolean | undefined> {
  return {
    selinux: options.find((option) => SELINUX.includes(option)),
    propagation: options.find((option) => PROPAGATIONS.includes(option)),
    create_host_path: createHostPath ? true : undefined,
  }
}

function longForm(node: MapNode, report: Report): MapNode | undefined {
  const target = node.entries.get('target')?.value
  if (target?.kind !== 'scalar' || textOf(target) === '') {
    report(
      error('missing-key', 'a volume is missing its target', {
        at: node.at,
        hint: 'add the path inside the container, e.g. target: /data',
      }),
    )
    return undefined
  }
  const type = textAt(node, 'type')
  if (type === 'bind' && textAt(node, 'source') === undefined) {
    report(
      error('missing-key', 'a bind mount is missing its source', {
        at: node.at,
        hint: 'add the path on the host, e.g. source: ./data',
      }),
    )
    return undefined
  }
  // An empty source counts as missing, except for a bind mount, where it is the project directory.
  const unnamed = type !== 'bind' && textAt(node, 'source') === ''
  const source = unnamed ? undefined : node.entries.get('source')?.value
  return withEntries(node, { source, target: scalarLike(cleaned(textOf(target)), target) })
}

function cleaned(target: string): string {
  const normal = posix.normalize(target)
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}
