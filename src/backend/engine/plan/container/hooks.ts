import { foreign } from '../../../../diagnostics/foreign.ts'
import type { ContainerSummary, ExecSpec } from '../../../../docker/port.ts'
import type { After, Step, StepId, When } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import type { Hook, Service } from '../../../../stack/model.ts'
import { OURS } from '../../../docker/labels.ts'
import { isPaused, isRunning } from '../../../state.ts'
import type { EngineAction, HookRun, Id } from '../../action.ts'
import { commandText } from '../../command-text.ts'
import { serviceIn } from '../context.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput } from '../types.ts'

/**
 * `post_start`: hooks that run one after the other in the started container. It counts as started for dependents once
 * they have run, as in `docker compose` (pkg/compose/convergence.go).
 * @param from the first hook to run
 * @returns the steps, each after the previous one
 */
export function addPostStart(
  input: ReplicaInput,
  created: Pick<Created, 'container' | 'variant' | 'when'>,
  after: StepId[],
  from = 0,
): StepId[] {
  const { slot, context, waiting } = input
  const hooks = serviceIn(context, slot.service).post_start ?? []
  const add = adder(input, created.when)
  const steps: StepId[] = []
  for (const [index, hook] of hooks.entries()) {
    if (index < from) continue
    const place = { service: slot.service, container: created.container, waiting, index, of: hooks.length }
    const ends = slot.address ? { mayEnd: true as const } : {}
    const action = { kind: 'run-hook', moment: 'post_start', ...place, ...carriedOut(hook), ...ends } as const
    const id = stepIds.postStart(addressOf(slot), index, created.variant)
    steps.push(
      add({ id, verb: 'run', cause: causeOf('post_start', hook), after: steps.length ? steps : after, action }),
    )
  }
  return steps
}

/** Runs the `post_start` hooks that an earlier command did not complete. */
export function addDueHooks(input: ReplicaInput, after: StepId[] = [], when?: When): StepId[] {
  const { current } = input.slot
  const from = input.context.observed.hooksDue?.[current?.id ?? '']
  const goesOn = isRunning(current) || (isPaused(current) && after.length > 0)
  if (from === undefined || !current || !goesOn) return []
  return addPostStart(input, { container: current.id, variant: '', ...(when && { when }) }, after, from)
}

/** The part of a start action that makes hooks due. */
export function hooksOf(service: Service): { hooks?: true } {
  return (service.post_start ?? []).length > 0 ? { hooks: true } : {}
}

export interface Stopping {
  /** The id of the stop. */
  id: StepId
  service: string
  container: Id
  after: (After | StepId | undefined)[]
  /** The user's grace period, in milliseconds. */
  timeout?: number | undefined
}

type Add = (step: Omit<Step<EngineAction>, 'subject' | 'after'> & { after: (After | StepId | undefined)[] }) => StepId

/**
 * `pre_stop`: hooks that run in a running container before it is stopped. A failure is reported but does not prevent
 * the stop. With a grace period of 0 no hooks run.
 * @returns the edges of the stop
 */
export function addPreStop(add: Add, declared: Service | undefined, stopping: Stopping): After[] {
  const hooks = stopping.timeout === 0 ? [] : (declared?.pre_stop ?? [])
  let before: After[] = []
  for (const [index, hook] of hooks.entries()) {
    const place = { service: stopping.service, container: stopping.container, waiting: [], index, of: hooks.length }
    const action = { kind: 'run-hook', moment: 'pre_stop', ...place, ...carriedOut(hook) } as const
    const id = stepIds.preStop(stopping.id, index)
    const cause = causeOf('pre_stop', hook)
    const step = add({ id, verb: 'run', cause, optional: true, after: [...stopping.after, ...before], action })
    before = [{ step, on: 'settled' }]
  }
  return before
}

/** Whether a container runs a `pre_start` hook; an existing one was left by a killed command. */
export function isHookContainer({ labels }: ContainerSummary): boolean {
  return OURS.hook in labels
}

export function causeOf(moment: string, { command }: Hook): string {
  return `${moment}: ${foreign(commandText(command))}`
}

function carriedOut({ command, user, working_dir, environment, privileged }: Hook): Pick<HookRun, 'command' | 'exec'> {
  const env = environmentList(environment)
  const exec: ExecSpec = {
    cmd: command,
    ...(env.length > 0 && { env }),
    ...(user && { user }),
    ...(working_dir && { workingDir: working_dir }),
    ...(privileged && { privileged }),
  }
  return { command: commandText(command), exec }
}

/** A variable without a value keeps the container's value. */
export function environmentList(environment: Hook['environment'] = {}): string[] {
  return Object.entries(environment)
    .flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]))
    .sort()
}
