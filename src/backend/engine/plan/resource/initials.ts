import { basename } from 'node:path'
import { type Diagnostic, warning } from '../../../../diagnostics/diagnostic.ts'
import { canonicalJson } from '../../../../plan/fingerprint.ts'
import type { FileReference, Service, Stack } from '../../../../stack/model.ts'
import { OURS } from '../../../docker/labels.ts'
import {
  FAMILIES,
  type FamilyName,
  familyOf,
  holdsData,
  isWithin,
  SCRIPTS,
  writableMounts,
} from '../../database/family.ts'
import { changedInitials, digestOf, type Initials, isRecorded } from '../../database/initial.ts'
import { CONFIGS_HOME, fileTarget, SECRETS_HOME } from '../../lower/storage.ts'
import { matches } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'

/**
 * The settings that a database server applies only while a volume is empty, if one of the stack uses the volume for its
 * data.
 */
export function initialsFor({ declared: { stack }, databases }: UpContext, key: string): Initials | undefined {
  const service = databases.get(key)
  const family = service && familyOf(service, targetsOfDeclared(service))
  return family && initialsOf(stack, service, family)
}

/** The first database server that keeps its data in a volume, by the volume's key. */
export function databasesIn({ services }: Pick<Stack, 'services'>): Map<string, Service> {
  const owners = new Map<string, Service>()
  for (const service of Object.values(services)) {
    const family = familyOf(service, targetsOfDeclared(service))
    if (!family) continue
    for (const { type, source, target } of writableMounts(service)) {
      const isData = type === 'volume' && source !== undefined && holdsData(family, service, target)
      if (isData && !owners.has(source)) owners.set(source, service)
    }
  }
  return owners
}

function targetsOfDeclared(service: Service): string[] {
  return writableMounts(service).map(({ target }) => target)
}

function initialsOf(stack: Stack, service: Service, family: FamilyName): Initials {
  const { environment = {} } = service
  const variables = FAMILIES[family].initial.flatMap((name): [string, string][] => {
    const value = environment[name]
    if (value) return [[name, digestOf(value)]]
    const digest = digestOfFile(stack, service, environment[`${name}_FILE`])
    return digest === undefined ? [] : [[`${name}_FILE`, digest]]
  })
  return { ...Object.fromEntries(variables), [SCRIPTS]: digestOf(canonicalJson(scriptsOf(stack, service))) }
}

/** The digest of the secret or config that a service has at a path. */
function digestOfFile(stack: Stack, service: Service, path: string | null | undefined): string | undefined {
  if (!path) return undefined
  return filesIn(service)
    .find(({ target }) => target === path)
    ?.digestIn(stack)
}

function filesIn(service: Service): { target: string; digestIn(stack: Stack): string | undefined }[] {
  const of = (kind: 'secret' | 'config', home: string) => (reference: FileReference) => ({
    target: fileTarget(reference, home),
    digestIn: ({ digests }: Stack) => digests[`${kind}/${reference.source}`],
  })
  const { secrets = [], configs = [] } = service
  return [...secrets.map(of('secret', SECRETS_HOME)), ...configs.map(of('config', CONFIGS_HOME))]
}

/** The files in the directory of init scripts. The content of mounts is not read. */
function scriptsOf(stack: Stack, service: Service): string[][] {
  const mounts = (service.volumes ?? []).filter(({ target }) => isWithin(target, SCRIPTS))
  const files = filesIn(service).filter(({ target }) => isWithin(target, SCRIPTS))
  return [
    ...mounts.map(({ target, source }) => [target, basename(source ?? '')]),
    ...files.map((file) => [file.target, file.digestIn(stack) ?? '']),
  ].sort()
}

/**
 * Notes settings that changed since a database's volume was initialised and that no longer have an effect.
 * @returns the label in which the container records them
 */
export function noteInitials(context: UpContext, name: string): Record<string, string> {
  const service = serviceIn(context, name)
  const family = familyOf(service, targetsOfDeclared(service))
  const data = writableMounts(service).find(({ type, target, source }) => {
    return type === 'volume' && source !== undefined && family !== undefined && holdsData(family, service, target)
  })
  if (!family || data?.source === undefined) return {}
  const { stack } = context.declared
  const volume = context.lookup.volume(stack.volumes[data.source]?.name)
  if (!volume) return { [OURS.changedInitials]: '' }
  const label = volume.labels[OURS.initials]
  if (!isRecorded(label)) return noteScripts(context, name, service, volume.name)
  const changed = remembered(context, name, volume.name) ?? changedInitials(label, initialsOf(stack, service, family))
  for (const each of changed) context.builder.note(noteOf(context, name, each, volume.name))
  return { [OURS.changedInitials]: changed.join(',') }
}

/** The record of an up-to-date container, which saves computing the slow hashes again. */
function remembered({ slots, declared: { stack } }: UpContext, name: string, volume: string): string[] | undefined {
  const all = (slots.get(name) ?? []).flatMap(({ current }) => current ?? [])
  const knows = all.find((each) => {
    const uses = each.mounts.some((mount) => mount.name === volume)
    return uses && each.labels[OURS.changedInitials] !== undefined && matches(stack, each)
  })
  return knows?.labels[OURS.changedInitials]?.split(',').filter(Boolean)
}

/** For a volume without a record: notes scripts that are new to it. */
function noteScripts(context: UpContext, name: string, service: Service, volume: string): Record<string, never> {
  const { stack } = context.declared
  const current = context.slots.get(name)?.[0]?.current
  const mounted = (service.volumes ?? []).filter(({ target }) => isWithin(target, SCRIPTS))
  const isNew = current
    ? mounted.some(({ target }) => !current.mounts.some((mount) => mount.target === target))
    : scriptsOf(stack, service).length > 0
  if (isNew) context.builder.note(noteOf(context, name, SCRIPTS, volume))
  return {}
}

function noteOf({ declared }: UpContext, service: string, what: string, volume: string): Diagnostic {
  if (what === SCRIPTS) {
    const text = `${service}: the scripts below ${SCRIPTS} only run while volume "${volume}" is empty`
    const hint = 'run new scripts by hand, or use a new volume'
    return warning('database-initialised', text, { at: declared.spanOf(`services.${service}`), hint })
  }
  const at = declared.spanOf(`services.${service}.environment.${what}`)
  const text = `${service}: ${what} changed since volume "${volume}" was initialised, and only counts then`
  const hint = `${remedyFor(what)} if you have not done so, or use a new volume`
  return warning('database-initialised', text, { at, hint })
}

export function remedyFor(variable: string): string {
  if (/PASSWORD/.test(variable)) return 'change the password in the database (ALTER USER …)'
  return /USER/.test(variable)
    ? 'create the user in the database (CREATE USER …)'
    : 'create the database (CREATE DATABASE …)'
}
