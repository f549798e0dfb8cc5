import { isAbsolute, join, relative, resolve } from 'node:path'
import type { MapNode } from '../../yaml/tree.ts'
import type { Scope } from '../merge/context.ts'
import { scalarLike, textAt, withEntries } from '../tree/nodes.ts'
import type { Rule, Rules } from '../tree/rewrite.ts'

/** An absolute path; a `~` at its start is the home directory, as for compose-go. Absolute paths stay as they are. */
export function absolute(path: string, directory: string, home: string | undefined): string {
  if (home !== undefined && path.startsWith('~')) return join(home, path.slice(1))
  if (isAbsolute(path) || /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path)) return path
  return resolve(directory, path)
}

/**
 * How the paths of a file in `directory` are written in the model: absolute, or, if they are not to be resolved, as they
 * stand in the project's own files, and from the project directory in files that these extend or include.
 */
export function pathRulesFor(directory: string, { root, home, options }: PathScope, foreign: boolean): Rules {
  const resolved = resolver(directory, { root, home, options }, foreign)
  return resolved ? pathRules(resolved) : {}
}

/**
 * The directory that a volume binds is a path too; but only if it says that its driver is `local`, in whichever file of the
 * model. Source: compose-go, paths/resolve.go.
 */
export function deviceRules(directory: string, scope: PathScope, foreign: boolean): Rules {
  const resolved = resolver(directory, scope, foreign)
  if (!resolved) return {}
  const device = evenIfEmpty(atScalar(resolved), resolved)
  return {
    'volumes.*': (node) =>
      node.kind === 'map' && textAt(node, 'driver') === 'local'
        ? atKey(node, 'driver_opts', (options) =>
            options.kind === 'map' && textAt(options, 'o') === 'bind' ? atKey(options, 'device', device) : options,
          )
        : node,
  }
}

/** Undefined where paths stay as they are. */
function resolver(directory: string, { root, home, options }: PathScope, foreign: boolean) {
  if (options.resolvePaths !== false) return (path: string) => absolute(path, directory, home)
  const stays = (path: string) => isAbsolute(path) || path.startsWith('~')
  return foreign ? (path: string) => (stays(path) ? path : join(relative(root, directory), path)) : undefined
}

type PathScope = Pick<Scope, 'root' | 'home' | 'options'>

/** Rules for every path of a canonical tree. Source: compose-go, paths/resolve.go. */
function pathRules(resolved: (path: string) => string): Rules {
  const path = atScalar(resolved)
  const context = atScalar((text) => (isRemoteContext(text) ? text : resolved(text)))
  return {
    'configs.*.file': path,
    'secrets.*.file': path,
    'services.*.build.additional_contexts.*': context,
    'services.*.build.context': context,
    'services.*.build.ssh.*': atScalar((text) => keyPath(text, resolved)),
    'services.*.develop.watch.*.path': path,
    'services.*.env_file.*.path': path,
    'services.*.label_file.*': path,
    'services.*.volumes.*': (node) =>
      node.kind === 'map' && textAt(node, 'type') === 'bind'
        ? atKey(node, 'source', evenIfEmpty(path, resolved))
        : node,
  }
}

/** A build context that is fetched: a repository, an archive, an image or another service's build. */
export function isRemoteContext(context: string): boolean {
  return /:\/\/|^(?:git@|github\.com\/|service:|target:)/.test(context)
}

/** The path in `ID=PATH`, or of an entry `ID: PATH`. */
function keyPath(text: string, resolved: (path: string) => string): string {
  const [, id = '', path = ''] = /^([^=]+=)?(.+)$/s.exec(text) ?? []
  return id === '' && text === 'default' ? text : id + resolved(path)
}

function atScalar(change: (text: string) => string): Rule {
  return (node) =>
    node.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
      ? scalarLike(change(node.value), node)
      : node
}

function evenIfEmpty(rule: Rule, resolved: (path: string) => string): Rule {
  return (node, report) =>
    node.kind === 'scalar' && node.value === '' ? scalarLike(resolved(''), node) : rule(node, report)
}

function atKey(node: MapNode, key: string, rule: Rule): MapNode {
  const value = node.entries.get(key)?.value
  return value ? withEntries(node, { [key]: rule(value, () => undefined) }) : node
}
