import { posix, relative, resolve, sep } from 'node:path'
import { type Ignore, parseIgnore } from '../../../archive/ignore.ts'
import type { Hook, Service, Stack } from '../../../stack/model.ts'

export type Action = 'rebuild' | 'sync' | 'restart' | 'sync+restart' | 'sync+exec'

/** The reaction of a service to file changes: an item of its `develop.watch`. */
export interface Rule {
  service: string
  action: Action
  /** Absolute path of a file or folder, which may not exist. */
  path: string
  /** Absolute path in the container, for actions that copy. */
  target: string | undefined
  /** For `sync+exec`. */
  exec: Hook | undefined
  initialSync: boolean
  /** Whether the rule includes a path at or below its own; `descend` excludes the path but may include its content. */
  verdict(path: string): 'kept' | 'ignored' | 'descend'
}

/** An item of `develop.watch` in the schema's form. */
interface Trigger {
  path: string
  action: Action
  target?: string
  exec?: Hook
  ignore?: string[]
  include?: string[]
  initial_sync?: boolean
}

/** Temporary files of editors and other files to ignore. Source: pkg/watch/ephemeral.go of docker/compose. */
const EPHEMERAL = [
  '**/.git',
  '**/.idea',
  '**/*___jb_old___',
  '**/*___jb_tmp___',
  '**/.#*',
  '**/#*#',
  '**/4913',
  '**/*~',
  '**/.*.sw?',
  '**/*.kate-swp',
  '**/*-go-tmp-umask',
]

/**
 * The watch rules of services.
 * @param ignoreFile returns the text of the ignore file in a service's build context, if it has one
 */
export function rulesOf(
  stack: Stack,
  services: ReadonlySet<string>,
  ignoreFile: (service: Service) => string | undefined,
): Rule[] {
  return Object.entries(stack.services)
    .filter(([name]) => services.has(name))
    .flatMap(([name, service]) => triggersOf(service).map((trigger) => ruleOf(name, service, trigger, ignoreFile)))
}

function triggersOf({ develop }: Service): Trigger[] {
  return (develop as { watch?: Trigger[] } | undefined)?.watch ?? []
}

function ruleOf(
  name: string,
  service: Service,
  trigger: Trigger,
  ignoreFile: (service: Service) => string | undefined,
): Rule {
  const { action, target, exec } = trigger
  const path = resolve(trigger.path)
  const context = service.build?.context
  const filters: Filter[] = [
    { root: path, patterns: parseIgnore([...EPHEMERAL, ...(trigger.ignore ?? [])].join('\n')) },
    ...(context ? [{ root: resolve(context), patterns: parseIgnore(ignoreFile(service) ?? '') }] : []),
  ]
  const includes = trigger.include?.length ? parseIgnore(trigger.include.join('\n')) : undefined
  return {
    service: name,
    action,
    path,
    target,
    exec,
    initialSync: trigger.initial_sync === true,
    verdict: (file) => verdictOf(path, filters, includes, file),
  }
}

interface Filter {
  root: string
  patterns: Ignore
}

function verdictOf(root: string, filters: readonly Filter[], includes: Ignore | undefined, file: string) {
  const inside = below(root, file)
  if (inside === undefined) return 'ignored'
  const against = filters.filter((each) => ignores(each, file))
  if (against.length > 0) return against.every((each) => mayKeepBelow(each, file)) ? 'descend' : 'ignored'
  if (inside === '' || !includes) return 'kept'
  return includes.ignores(inside) ? 'kept' : 'descend'
}

function ignores({ root, patterns }: Filter, file: string): boolean {
  const path = below(root, file)
  return path !== undefined && path !== '' && patterns.ignores(path)
}

function mayKeepBelow({ root, patterns }: Filter, file: string): boolean {
  return patterns.mayKeepBelow(below(root, file) ?? '')
}

/** The path relative to a folder, with slashes; empty for the folder itself, undefined for a path outside. */
export function below(folder: string, path: string): string | undefined {
  const inside = relative(folder, path)
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(folder, inside) !== resolve(path)) return undefined
  return sep === '/' ? inside : inside.replaceAll(sep, '/')
}

/** The path in the container of a local file, according to a rule that copies. */
export function inContainer({ path, target = '/' }: Rule, file: string): string {
  return posix.join('/', target, below(path, file) ?? '')
}
