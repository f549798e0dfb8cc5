import { basename } from 'node:path'
import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import { canonicalJson } from '../../../plan/fingerprint.ts'
import type { StepId, When } from '../../../plan/step.ts'
import { OURS } from '../../../stack/labels.ts'
import type { FileReference, Mount, Service, Stack } from '../../../stack/model.ts'
import type { Id } from '../action.ts'
import { FAMILIES, type FamilyName, familyOf, holdsData, isWithin, SCRIPTS } from '../database/family.ts'
import { changedInitials, digestOf, type Initials, isRecorded } from '../database/initial.ts'
import { CONFIGS_HOME, fileTarget, SECRETS_HOME } from '../lower/storage.ts'
import { serviceIn, type UpContext } from './context.ts'
import { writablePlaces } from './data.ts'
import { matches } from './slots.ts'
import { adder, addressOf, type ReplicaInput } from './steps.ts'

/**
 * A database server that is about to start on data that were there before: the step that looks whether it can read them. It reads them
 * through the container that is not started yet. None where the same image runs on them.
 */
export function addDatabaseCheck(
  input: ReplicaInput,
  container: Id,
  { suffix, when }: { suffix: string; when?: When },
  created?: StepId,
): StepId[] {
  const { context, slot } = input
  const service = serviceIn(context, slot.service)
  const targets = [...writable(service).map(({ target }) => target), ...targetsOf(slot.current?.mounts)]
  const family = familyOf(service, targets)
  if (!family || slot.address !== undefined || isOnlyCreated(input)) return []
  const kept = keptPlaces(input, service)
  if (kept.length === 0 || runsOnThem(input, kept)) return []
  const action = { kind: 'check-database', service: slot.service, container, family, kept } as const
  const id = `check${suffix}:${addressOf(slot)}`
  const cause = 'whether it can read the data that are there'
  return [adder(input, when)({ id, verb: 'check', cause, after: [created], action })]
}

/** Nothing is started, nor is anything that runs replaced. */
function isOnlyCreated({ context, slot }: ReplicaInput): boolean {
  return context.intent.noStart && slot.current === undefined
}

function writable({ volumes = [] }: Service): Mount[] {
  return volumes.filter(({ type, read_only }) => !read_only && (type === 'volume' || type === 'bind'))
}

function targetsOf(mounts: readonly { target: string; readOnly: boolean }[] = []): string[] {
  return mounts.filter(({ readOnly }) => !readOnly).map(({ target }) => target)
}

/** Volumes, by name, and directories that are there already: declared, or of the container that is replaced. */
function keptPlaces({ context, slot }: ReplicaInput, service: Service): string[] {
  const { stack } = context.declared
  const declared = writable(service).flatMap(({ type, source }) => {
    if (source === undefined || type === 'bind') return source ?? []
    const name = stack.volumes[source]?.name ?? source
    return context.observed.volumes.some((each) => each.name === name) ? [name] : []
  })
  return [...new Set([...declared, ...(slot.current ? writablePlaces(slot.current) : [])])].sort()
}

function runsOnThem({ slot: { current }, image }: ReplicaInput, kept: readonly string[]): boolean {
  const same = !image.step && image.known === current?.imageId
  if (current?.state !== 'running' || !same) return false
  const mounted = writablePlaces(current)
  return kept.every((place) => mounted.includes(place))
}

/** What counts only while a volume is empty, if a database server of the stack will keep its data in it: to be recorded with it. */
export function initialsFor({ declared: { stack } }: UpContext, key: string): Initials | undefined {
  const owners = Object.values(stack.services).flatMap((service) => {
    const family = familyOf(service, targetsOfDeclared(service))
    const mounts = writable(service).filter(({ type, source }) => type === 'volume' && source === key)
    return family && mounts.some(({ target }) => holdsData(family, service, target)) ? [{ service, family }] : []
  })
  const [owner] = owners
  return owner && initialsOf(stack, owner.service, owner.family)
}

function targetsOfDeclared(service: Service): string[] {
  return writable(service).map(({ target }) => target)
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

/** Of the secret or config that a service has under a path. */
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

/** What lies where the entrypoint looks for scripts; of mounts only that they are there, as their content is not looked at. */
function scriptsOf(stack: Stack, service: Service): string[][] {
  const mounts = (service.volumes ?? []).filter(({ target }) => isWithin(target, SCRIPTS))
  const files = filesIn(service).filter(({ target }) => isWithin(target, SCRIPTS))
  return [
    ...mounts.map(({ target, source }) => [target, basename(source ?? '')]),
    ...files.map((file) => [file.target, file.digestIn(stack) ?? '']),
  ].sort()
}

/**
 * Notes what was declared otherwise since the volume of a database service was initialised, and has no effect any more.
 * @returns the label by which its container remembers that
 */
export function noteInitials(context: UpContext, name: string): Record<string, string> {
  const service = serviceIn(context, name)
  const family = familyOf(service, targetsOfDeclared(service))
  const data = writable(service).find(({ type, target, source }) => {
    return type === 'volume' && source !== undefined && family !== undefined && holdsData(family, service, target)
  })
  if (!family || data?.source === undefined) return {}
  const { stack } = context.declared
  const volume = context.observed.volumes.find((each) => each.name === stack.volumes[data.source ?? '']?.name)
  if (!volume) return { [OURS.changedInitials]: '' }
  const label = volume.labels[OURS.initials]
  if (!isRecorded(label)) return noteScripts(context, name, service, volume.name)
  const changed = remembered(context, name, volume.name) ?? changedInitials(label, initialsOf(stack, service, family))
  for (const each of changed) context.builder.note(noteOf(context, name, each, volume.name))
  return { [OURS.changedInitials]: changed.join(',') }
}

/** What the container that stands as declared was made with: to hash slowly again would tell the same. */
function remembered({ slots, declared: { stack } }: UpContext, name: string, volume: string): string[] | undefined {
  const all = (slots.get(name) ?? []).flatMap(({ current }) => current ?? [])
  const knows = all.find((each) => {
    const uses = each.mounts.some((mount) => mount.name === volume)
    return uses && each.labels[OURS.changedInitials] !== undefined && matches(stack, each)
  })
  return knows?.labels[OURS.changedInitials]?.split(',').filter(Boolean)
}

/** Nobody knows what a volume of others was initialised with: said where scripts are new to it. */
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
    const hint = 'run what is new in them by hand, or start with a new volume'
    return warning('database-initialised', text, { at: declared.spanOf(`services.${service}`), hint })
  }
  const at = declared.spanOf(`services.${service}.environment.${what}`)
  const text = `${service}: ${what} was another one when volume "${volume}" was initialised, and only counts then`
  const hint = `${remedyFor(what)} if that is not done yet, or start with a new volume`
  return warning('database-initialised', text, { at, hint })
}

function remedyFor(variable: string): string {
  if (/PASSWORD/.test(variable)) return 'change the password in the database (ALTER USER …)'
  return /USER/.test(variable)
    ? 'make the user in the database (CREATE USER …)'
    : 'make the database (CREATE DATABASE …)'
}
