import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { type Diagnostic, error, isError } from '../../../../diagnostics/diagnostic.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { oneOffAddress } from '../../../../stack/address.ts'
import type { Declared } from '../../../backend.ts'
import type { RunIntent } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import { lower } from '../../lower/lower.ts'
import type { Observed } from '../../observe/observed.ts'
import type { Slot } from '../../observe/slots.ts'
import { addCreate } from '../container/create.ts'
import { addPostStart } from '../container/hooks.ts'
import { afterDependencies } from '../container/readiness.ts'
import { sharedBy } from '../container/shared.ts'
import { serviceIn } from '../context.ts'
import { tooOld } from '../refuse/engine-too-old.ts'
import { refusals } from '../refuse/refuse.ts'
import { makersIn, planImage, planMountedImages } from '../resource/images.ts'
import { addGather } from '../resource/supplies.ts'
import { planVolumes } from '../resource/volumes.ts'
import { holdingsOf, orderByClaims } from '../resource-claims.ts'
import { networksOf } from '../service.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, Planned, ReplicaInput, UpContext } from '../types.ts'
import { removeAbandoned, stepThatFrees } from './abandoned.ts'
import { elsewhere } from './elsewhere.ts'
import { oneOffLowered, oneOffStack } from './one-off.ts'
import { unknownServices } from './unknown-service.ts'
import { planServices, selectionOf, startContext } from './up.ts'

/** Brings up a service's dependencies as `up` does, then creates one more container for a command. Pure. */
export function planRun(declared: Declared, observed: Observed, intent: RunIntent): Checked<Plan<EngineAction>> {
  const unknown = unknownServices([intent.service], Object.keys(declared.stack.services))
  if (unknown.length > 0) return failed(...unknown)
  const selection = neededBy(declared, observed, intent)
  if (!selection.ok) return selection
  const context = startContext(declared, observed, intent.up, selection.value)
  const own = ownContext(context, intent)
  const all = { ...own, selection: [...new Set([...context.selection, intent.service])] }
  context.problems.push(...elsewhere(context), ...refusals(all), ...tooOld(all), ...withoutContainer(declared, intent))
  planOneOff(own, intent, planServices(context))
  orderByClaims(context)
  if (context.problems.some(isError)) return failed(...context.problems)
  return { ok: true, value: context.builder.finish(declared.stack.name), warnings: context.problems }
}

function neededBy(declared: Declared, observed: Observed, { up, service }: RunIntent): Checked<string[]> {
  const needed = up.noDeps ? [] : [...declared.graph.needs(service)]
  if (needed.length === 0) return { ok: true, value: [], warnings: [] }
  return selectionOf(declared, observed, { ...up, services: needed })
}

function withoutContainer({ stack, spanOf }: Declared, { service }: RunIntent): Diagnostic[] {
  if (!stack.services[service]?.provider) return []
  const at = spanOf(`services.${service}.provider`)
  const message = `service "${service}" has no containers: an external program provides it`
  return [error('not-supported', message, { at, hint: 'run the command in a service with an image' })]
}

/** `--build` and `--pull` apply to the one service only. */
function ownContext(context: UpContext, intent: RunIntent): UpContext {
  const { declared } = context
  const { build, pull } = intent.oneOff
  const stack = oneOffStack(declared.stack, intent)
  return {
    ...context,
    declared: { ...declared, stack },
    intent: { ...context.intent, build, ...(pull !== undefined && { pull }) },
    makers: makersIn(stack, [...context.selection, intent.service]),
    selection: [intent.service],
    selected: new Set([intent.service]),
  }
}

function planOneOff(context: UpContext, intent: RunIntent, planned: Planned): void {
  const { service: name, oneOff } = intent
  const input = inputOf(context, intent, planned)
  const created = addCreate(input, { variant: '', name: oneOff.name, cause: 'requested' })
  const ready = [...created.prepared, ...input.ready]
  const attached = oneOff.attached ? [addAttach(input, created, oneOff)] : []
  const started = adder(input)({
    id: stepIds.start(addressOf(input.slot)),
    verb: 'start',
    cause: 'requested',
    after: [...ready, ...attached],
    action: { kind: 'start-container', service: name, container: created.container, waiting: [] },
  })
  addPostStart(input, created, [started])
  removeIfNotStarted(input, created, started)
  context.claims.push({ ...holdingsOf(context.declared.stack, name), step: started, own: [] })
}

function removeIfNotStarted(input: ReplicaInput, { created, container }: Created, started: StepId): void {
  adder(input)({
    id: stepIds.undo('undo', 'create', addressOf(input.slot)),
    verb: 'remove',
    phase: 'undo',
    cause: 'it could not be started',
    after: [created, { step: started, on: 'failure' }],
    action: { kind: 'remove-container', container, volumes: true, force: true },
  })
}

/** Attaches before the start, so that no output is missed. */
function addAttach(
  input: ReplicaInput,
  { container, prepared }: Created & { prepared: StepId[] },
  oneOff: RunIntent['oneOff'],
) {
  const { stdin, tty, autoRemove: removed, detachKeys } = oneOff
  const keys = detachKeys === undefined ? {} : { detachKeys }
  return adder(input)({
    id: stepIds.attach(addressOf(input.slot)),
    verb: 'attach',
    cause: 'for its input and output',
    after: [...prepared, ...input.ready],
    action: { kind: 'attach-container', container, stdin, tty, removed, ...keys },
  })
}

function inputOf(context: UpContext, intent: RunIntent, planned: Planned): ReplicaInput {
  const { service: name, oneOff } = intent
  const { declared, api, engineHost } = context
  const service = serviceIn(context, name)
  const slot: Slot = { service: name, index: 0, name: oneOff.name, leaving: [], address: oneOffAddress(oneOff.name) }
  const shared = sharedBy(context, name, planned)
  const image = planImage(context, name)
  const provided = addGather(context, slot, image)
  const volumes = [...planVolumes(context, service), ...planMountedImages(context, name)]
  return {
    context,
    slot,
    image,
    lowered: oneOffLowered(lower({ stack: declared.stack, name, service, index: 1, api, engineHost }), oneOff),
    networks: networksOf(context, name),
    shares: shared.ids,
    before: [...volumes, ...shared.settled, ...stepThatFrees(context, oneOff.name, removeAbandoned(context))],
    ready: afterDependencies(context, name, planned),
    waiting: [],
    ...(provided && { provided }),
  }
}
