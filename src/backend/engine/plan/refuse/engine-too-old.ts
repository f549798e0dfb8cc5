import { type Diagnostic, error, warning } from '../../../../diagnostics/diagnostic.ts'
import type { Service } from '../../../../stack/model.ts'
import type { Since } from '../../../docker/attribute-facts.ts'
import { NETWORK_SINCE, SERVICE_SINCE } from '../../../docker/attribute-lists.ts'
import { found } from '../../check/found.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'

type Row<T> = Since<T> & { path: string }

/**
 * Attributes of the selected services that this engine is too old for. Empty if no engine was asked: then nothing is
 * created.
 */
export function tooOld(context: UpContext): Diagnostic[] {
  if (!context.observed.engine) return []
  const services = context.selection.map((name): [string, Service] => [name, serviceIn(context, name)])
  const used = new Set(services.flatMap(([, { networks }]) => Object.keys(networks ?? {})))
  const isMade = (key: string) => context.intent.allResources === true || used.has(key)
  const networks = Object.entries(context.declared.stack.networks).filter(([key]) => isMade(key))
  return [
    ...services.flatMap(([name, service]) =>
      missingIn(context, { kind: 'service', name, subject: service }, SERVICE_SINCE),
    ),
    ...networks.flatMap(([name, network]) =>
      missingIn(context, { kind: 'network', name, subject: network }, NETWORK_SINCE),
    ),
  ]
}

function missingIn<T extends object>(
  context: UpContext,
  { kind, name, subject }: { kind: 'service' | 'network'; name: string; subject: T },
  table: readonly Row<T>[],
): Diagnostic[] {
  return table
    .filter(({ api }) => context.api < api)
    .flatMap((row) =>
      found(subject, row.path)
        .filter(({ value, keys }) => value !== undefined && (row.when?.(value, keys, subject) ?? true))
        .map(({ path }) => missing(context, row, `${kind}s.${name}.${path}`, `"${path}" of ${kind} "${name}"`)),
    )
}

function missing(
  { declared, api }: UpContext,
  row: Pick<Since<unknown>, 'api' | 'docker' | 'instead'>,
  path: string,
  what: string,
): Diagnostic {
  const needs = `${what} needs engine API ${versionText(row.api)} (Docker ${row.docker}); this engine has ${versionText(api)}`
  const at = declared.spanOf(path)
  return row.instead === undefined
    ? error('not-supported', needs, { at })
    : warning('not-supported', needs, { at, hint: `without it ${row.instead}` })
}

export function versionText(api: number): string {
  return `${Math.floor(api / 100)}.${api % 100}`
}
