import { basename, dirname, isAbsolute, join } from 'node:path'
import { type Diagnostic, error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { closest } from '../../diagnostics/suggest.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { isRemoteContext } from '../canonical/paths.ts'
import type { Disk } from '../file/disk.ts'
import type { Clash } from '../findings.ts'
import { textAt, textOf } from '../tree/nodes.ts'
import type { CheckInput } from './check-input.ts'

/** Reports missing build contexts, Dockerfiles, and files of secrets and configs that active services need. */
export function checkPaths(input: CheckInput, disk: Disk): Clash[] {
  const files = new Map<Tree, Diagnostic | undefined>()
  const problemOf = (kind: string, node: Tree) => {
    if (!files.has(node)) files.set(node, missingFile(kind, node, disk))
    return files.get(node)
  }
  return input.active.flatMap(([service, node]) => {
    const grants = [...granted(input.tree, node, 'secrets'), ...granted(input.tree, node, 'configs')]
    const problems = [
      ...buildPaths(node, disk),
      ...missingMounts(service, node, disk),
      ...grants.flatMap(([kind, file]) => problemOf(kind, file) ?? []),
    ]
    return problems.map((problem) => ({ service, problem }))
  })
}

/** The engine creates a directory for a bind mount's missing source: hardly the intent if the path looks like a file's. */
function missingMounts(service: string, node: MapNode, disk: Disk): Diagnostic[] {
  const volumes = get(node, 'volumes')
  return (volumes?.kind === 'seq' ? volumes.items : []).flatMap((mount) => {
    const source = get(mount, 'source')
    if (source?.kind !== 'scalar' || mount.kind !== 'map' || textAt(mount, 'type') !== 'bind') return []
    const path = textOf(source)
    const creates = createsPath(mount)
    if (!creates || !FILE.test(path) || disk.kind(path) !== 'missing') return []
    const message = `service "${service}" mounts ${foreign(path)}, which does not exist: the engine creates a directory in its place`
    const near =
      disk.kind(dirname(path)) === 'directory' ? closest(basename(path), disk.list(dirname(path))) : undefined
    const hint = near
      ? `did you mean "${near}"?`
      : 'create the file first; `create_host_path: false` below `bind` makes this an error'
    return [warning('path-missing', message, { at: source.at, hint })]
  })
}

function createsPath(mount: MapNode): boolean {
  const bind = get(mount, 'bind')
  return bind?.kind !== 'map' || textAt(bind, 'create_host_path') !== 'false'
}

const FILE =
  /(?:^|\/)(?:(?:Caddy|Docker|Make|Proc|Jenkins|Gem|Pip|Vagrant)file|.+\.(?:bak|cert|cfg|cnf|conf|config|crt|css|csv|db|der|dump|env|gz|htm|html|htpasswd|ini|ipynb|jar|js|json|jsonl|key|lock|log|lua|md|mjs|p12|pem|php|pid|properties|pub|py|r|rb|rules|secret|sh|sock|sql|sqlite|sqlite3|tar|tgz|tmpl|toml|ts|tsv|txt|war|xml|yaml|yml|zip)|\.(?:env|htpasswd|npmrc|netrc|pgpass))$/i

function buildPaths(service: MapNode, disk: Disk): Diagnostic[] {
  const build = get(service, 'build')
  const context = get(build, 'context')
  if (build?.kind !== 'map' || context?.kind !== 'scalar' || isRemoteContext(textOf(context))) return []
  const directory = textOf(context)
  const kind = disk.kind(directory)
  if (kind !== 'directory')
    return [kind === 'missing' ? missing('build context', directory, context, disk) : notDirectory(directory, context)]
  const dockerfile = get(build, 'dockerfile')
  if (dockerfile?.kind !== 'scalar' || get(build, 'dockerfile_inline')) return []
  const path = isAbsolute(textOf(dockerfile)) ? textOf(dockerfile) : join(directory, textOf(dockerfile))
  return disk.kind(path) === 'missing' ? [missing('Dockerfile', path, dockerfile, disk)] : []
}

function notDirectory(path: string, node: Tree): Diagnostic {
  return error('path-missing', `the build context ${foreign(path)} is not a directory`, {
    at: node.at,
    hint: 'specify the directory that contains the Dockerfile',
  })
}

/** The `file` nodes of the secrets or configs that a service uses. */
function granted(tree: MapNode, service: MapNode, section: 'secrets' | 'configs'): [kind: string, file: Tree][] {
  const lists =
    section === 'secrets' ? [get(service, section), get(get(service, 'build'), section)] : [get(service, section)]
  const names = lists
    .flatMap((list) => (list?.kind === 'seq' ? list.items : []))
    .flatMap((item) => (item.kind === 'map' ? (textAt(item, 'source') ?? []) : []))
  return [...new Set(names)].flatMap((name): [string, Tree][] => {
    const file = get(get(get(tree, section), name), 'file')
    return file ? [[`${section.slice(0, -1)} file`, file]] : []
  })
}

function missingFile(kind: string, node: Tree, disk: Disk): Diagnostic | undefined {
  const path = node.kind === 'scalar' ? textOf(node) : ''
  return disk.kind(path) === 'missing' ? missing(kind, path, node, disk) : undefined
}

function missing(what: string, path: string, node: Tree, disk: Disk): Diagnostic {
  const parent = dirname(path)
  const near = closest(basename(path), disk.list(parent))
  const known = disk.kind(parent) === 'directory' ? undefined : `there is no directory ${foreign(parent)} either`
  return error('path-missing', `the ${what} ${foreign(path)} does not exist`, {
    at: node.at,
    hint: near ? `did you mean "${near}"?` : known,
  })
}
