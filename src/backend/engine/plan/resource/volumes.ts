import { error, warning } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand, shellCommand } from '../../../../diagnostics/own-command.ts'
import type { VolumeDetail } from '../../../../docker/port.ts'
import type { VolumeSpec } from '../../../../docker/spec.ts'
import { diffFields } from '../../../../plan/diff.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { volumeAddress } from '../../../../stack/address.ts'
import type { Service, Volume } from '../../../../stack/model.ts'
import { COMPOSE, CONVENTIONS, isOfTools, OURS } from '../../../docker/labels.ts'
import type { UpContext } from '../types.ts'
import { initialsFor } from './initials.ts'

/** The creations of a service's named volumes. An existing volume is never changed. */
export function planVolumes(context: UpContext, service: Service): StepId[] {
  const keys = (service.volumes ?? []).flatMap((mount) =>
    mount.type === 'volume' && mount.source ? [mount.source] : [],
  )
  return [...new Set(keys)].sort().flatMap((key) => planVolume(context, key) ?? [])
}

export function planVolume(context: UpContext, key: string): StepId | undefined {
  const volume = context.declared.stack.volumes[key]
  const step = stepIds.create(volumeAddress(key))
  if (!volume || context.builder.has(step)) return volume && step
  const found = context.lookup.volume(volume.name)
  if (found) return void keep(context, key, volume, found)
  if (volume.external) return void missing(context, key, volume)
  const initials = initialsFor(context, key)
  return context.builder.add({
    id: step,
    subject: volumeAddress(key),
    verb: 'create',
    cause: 'not created yet',
    action: {
      kind: 'create-volume',
      spec: volumeSpec(context, key, volume),
      ...(initials && { initials }),
    },
  })
}

function volumeSpec(
  { declared, intent }: UpContext,
  key: string,
  { name, labels, driver, driver_opts }: Volume,
): VolumeSpec {
  const filling = intent.filling?.[name]
  const own = {
    ...{ [COMPOSE.project]: declared.stack.name, [COMPOSE.volume]: key, [COMPOSE.version]: CONVENTIONS },
    ...(filling !== undefined && { [OURS.fillingId]: filling }),
  }
  return {
    Name: name,
    Labels: { ...labels, ...own },
    ...(driver && { Driver: driver }),
    ...(driver_opts && { DriverOpts: driver_opts }),
  }
}

function keep(context: UpContext, key: string, volume: Volume, found: VolumeDetail): void {
  if (context.observed.halfFilled?.includes(found.name) && !context.intent.filling?.[found.name])
    return void half(context, key, found)
  if (volume.external) return
  const [text, hint] = differenceOf(context.declared.stack.name, volume, found) ?? []
  const at = context.declared.spanOf(`volumes.${key}`)
  if (text !== undefined) context.builder.note(warning('volume-differs', text, { at, hint }))
  context.builder.unchanged(volumeAddress(key))
}

/** A sentence about an existing volume that is not as declared, and advice. */
function differenceOf(project: string, volume: Volume, found: VolumeDetail): [string, string] | undefined {
  const owner = found.labels[COMPOSE.project]
  if (owner !== project) {
    const whose = owner ? `belongs to project "${owner}"` : 'was not created by a stack'
    const text = `volume "${found.name}" exists and ${whose}; it is used as it is`
    return [text, 'declare it with "external: true" to say so']
  }
  const paths = differingPaths(volume, found).join(', ')
  if (paths === '') return undefined
  const text = `volume "${found.name}" differs from its declaration (${paths}) and is kept with its data`
  const removal = `${ownCommand('down')} and ${shellCommand(`docker volume rm ${found.name}`)}`
  return [text, `to recreate it: save its data, run ${removal}, then ${ownCommand('up')}`]
}

/** Paths only: the values may hold a password. */
function differingPaths(volume: Volume, found: VolumeDetail): string[] {
  const driver = volume.driver !== undefined && volume.driver !== found.driver ? ['driver'] : []
  const declared = { driver_opts: volume.driver_opts ?? {}, labels: volume.labels ?? {} }
  const there = { driver_opts: found.options, labels: ownLabels(found.labels) }
  return [...driver, ...diffFields(there, declared).map(({ path }) => path)]
}

/** Without labels that tools set. */
function ownLabels(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !isOfTools(key)))
}

/** A command was killed while it unpacked: a server must not start on part of its data. */
function half(context: UpContext, key: string, { name }: VolumeDetail): void {
  const at = context.declared.spanOf(`volumes.${key}`)
  const hint = `unpack the pack again (${ownCommand('unpack')}), which begins anew, or remove it with ${ownCommand('down -v')}`
  context.problems.push(
    error('half-unpacked', `volume "${name}" holds only a part of what a pack has for it`, { at, hint }),
  )
}

function missing(context: UpContext, key: string, volume: Volume): void {
  const at = context.declared.spanOf(`volumes.${key}`)
  const hint = `create it with \`docker volume create ${volume.name}\`, or leave out "external"`
  context.problems.push(error('unknown-resource', `external volume "${volume.name}" does not exist`, { at, hint }))
}
