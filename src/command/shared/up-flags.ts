import type { UpIntent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags, FlagValues } from '../../cli/flag.ts'
import type { Globals } from '../../cli/globals.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../load/loaded.ts'
import { parseScale, SCALE } from './scale.ts'

/** Flags that affect a plan: those shared by `up` and `plan`. */
export const PLAN_FLAGS = {
  build: { type: 'boolean', description: 'Build images even if they exist' },
  'no-build': { type: 'boolean', description: 'Build nothing; a missing image is an error' },
  'force-recreate': { type: 'boolean', description: 'Recreate containers even if nothing changed' },
  'always-recreate-deps': {
    type: 'boolean',
    description: 'Recreate what the named services depend on even if nothing changed',
  },
  'no-recreate': { type: 'boolean', description: 'Leave existing containers as they are, changed or not' },
  'remove-orphans': {
    type: 'boolean',
    negatable: true,
    description: 'Remove containers of services that the stack no longer declares',
  },
  'no-deps': { type: 'boolean', description: 'Do not touch the services that the named ones depend on' },
  scale: SCALE,
  'no-start': { type: 'boolean', description: 'Create containers but start none' },
  pull: {
    type: 'string',
    value: 'POLICY',
    choices: ['always', 'missing', 'never', 'build', 'policy'],
    description: 'When to pull images, whatever their pull_policy says',
  },
  timeout: {
    type: 'duration',
    short: 't',
    value: 'SECONDS',
    description: 'Grace period before a container is killed (default: its stop_grace_period)',
  },
  'renew-anon-volumes': {
    type: 'boolean',
    short: 'V',
    description: 'Give recreated containers new anonymous volumes instead of those they had',
  },
  locked: {
    type: 'boolean',
    description: 'Refuse unless the stack, its files and its images are as the lock file says; build nothing',
  },
  'take-over': {
    type: 'boolean',
    description: 'Replace the containers of a project that was brought up from another directory',
  },
} as const satisfies Flags

type AllFlags = FlagValues<typeof PLAN_FLAGS>

type UpAlone = 'alwaysRecreateDeps' | 'takeOver' | 'locked'

export type PlanFlags = Omit<AllFlags, UpAlone> & Partial<Pick<AllFlags, UpAlone>>

type UpGlobals = Pick<Globals, 'allResources'>

/** The intent from the flags, without the parts that are specific to `up`. Throws a StackError for flags that exclude each other. */
export function upIntent(flags: PlanFlags, services: string[], { allResources }: UpGlobals): UpIntent {
  exclude(flags.build && flags.noBuild, '--build', '--no-build')
  exclude(flags.forceRecreate && flags.noRecreate, '--force-recreate', '--no-recreate')
  exclude(flags.locked === true && flags.build, '--locked', '--build')
  exclude(flags.locked === true && flags.pull !== undefined, '--locked', '--pull')
  exclude(flags.alwaysRecreateDeps === true && flags.noRecreate, '--always-recreate-deps', '--no-recreate')
  exclude(flags.renewAnonVolumes && flags.noRecreate, '--renew-anon-volumes', '--no-recreate')
  const { build, noBuild, forceRecreate, noRecreate, removeOrphans = false, noDeps, noStart, timeout } = flags
  return {
    kind: 'up',
    services,
    build,
    noBuild,
    forceRecreate,
    noRecreate,
    removeOrphans,
    noDeps,
    noStart,
    wait: false,
    renewAnonymousVolumes: flags.renewAnonVolumes,
    ...(allResources && { allResources }),
    ...(flags.takeOver === true && { takeOver: true }),
    ...(flags.alwaysRecreateDeps === true && { recreateDependencies: true }),
    ...(flags.pull !== undefined && flags.pull !== 'policy' && { pull: flags.pull }),
    ...(timeout !== undefined && { timeout }),
    ...(flags.scale.length > 0 && { scale: parseScale(flags.scale) }),
  }
}

export function exclude(both: boolean, one: string, other: string): void {
  if (both) throw new StackError([error('usage', `${one} and ${other} exclude each other`)])
}

/** With --locked, the intent that insists on the stack's lock file. Throws a StackError if the stack is not as locked. */
export async function lockedIntent(
  { project }: Pick<Context, 'project'>,
  { locked }: Pick<PlanFlags, 'locked'>,
  loaded: Loaded,
  intent: UpIntent,
): Promise<UpIntent> {
  if (!locked) return intent
  const { strictIntent } = await import('../../project/locking/locked-intent.ts')
  return strictIntent(project, loaded, intent)
}
