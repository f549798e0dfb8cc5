import { isAbsolute, join, relative, resolve } from 'node:path'
import { get, type MapNode } from '../../yaml/tree.ts'
import type { LoadOptions } from '../input.ts'
import { scalarLike, textAt, withEntries } from '../tree/nodes.ts'
import type { Rule, Rules } from '../tree/rewrite.ts'

/** Makes a path absolute; a leading `~` is the home directory, as in compose-go. Absolute paths stay unchanged. */
export function absolute(path: string, directory: string, home: string | undefined): string {
  if (home !== undefined && path.startsWith('~')) return join(home, path.slice(1))
  if (isAbsolute(path) || /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path)) return path
  return resolve(directory, path)
}

/** The base directories for resolving paths. */
export interface Base {
  /** Absolute; the base of the file's relative paths. */
  directory: string
  /** Absolute; the directory of the outermost model. */
  root: string
  home: string | undefined
  options: LoadOptions
}

/**
 * Determines the paths in the model. They become absolute if paths are resolved. Otherwise they stay unchanged in the project's own
 * files, and become relative to the project directory in files that these extend or include (`isForeign`).
 */
export function pathRules(base: Base, isForeign: boolean): Rules {
  const resolved = resolver(base, isForeign)
  return resolved ? rulesWith(resolved) : {}
}

/** The model's directory is the default build context, and the base of the directories that volumes bind. */
export function directoryRules(base: Base, isForeign: boolean): Rules {
  const { directory, root, options } = base
  const here = options.resolvePaths === false ? relative(root, directory) || '.' : directory
  return {
    ...deviceRules(base, isForeign),
    'services.*.build': (node) =>
      node.kind === 'map' && !get(node, 'context') ? withEntries(node, { context: scalarLike(here, node) }) : node,
  }
}

/**
 * The device of a volume is a path as well if its driver is explicitly `local` in some file of the model. Source: compose-go,
 * paths/resolve.go.
 */
function deviceRules(base: Base, isForeign: boolean): Rules {
  const resolved = resolver(base, isForeign)
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

/** Undefined if paths stay unchanged. */
function resolver({ directory, root, home, options }: Base, isForeign: boolean) {
  if (options.resolvePaths !== false) return (path: string) => absolute(path, directory, home)
  const stays = (path: string) => isAbsolute(path) || path.startsWith('~')
  return isForeign ? (path: string) => (stays(path) ? path : join(relative(root, directory), path)) : undefined
}

/** Rules for every path of a canonical tree. Source: compose-go, paths/resolve.go. */
function rulesWith(resolved: (path: string) => string): Rules {
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

/** Whether a build context is remote: a repository, an archive, an image or another service's build. */
export function isRemoteContext(context: string): boolean {
  return /:\/\/|^(?:git@|github\.com\/|service:|target:)/.test(context)
}

/** Resolves the path in `ID=PATH` or in an entry `ID: PATH`. */
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
