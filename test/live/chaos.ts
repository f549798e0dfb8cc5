import type { Ran } from '../support/cli.ts'
import { SCRATCH_IMAGE } from '../support/scratch-image.ts'
import { anonymousVolumes, deviations, leftovers, type ServiceData, type StackData, worldOf } from './declared.ts'
import { type Fault, PASS, startProxy } from './proxy.ts'
import { type Random, randomFrom } from './random.ts'
import type { Scene } from './scene.ts'

/** What is done to a command: it is killed, or its calls to the engine are broken. */
export type Disturbance = { kind: 'kill'; afterMs: number } | { kind: 'faults'; rate: number; seed: number }

export type Operation = 'up' | 'recreate' | 'scale' | 'change' | 'down'

export interface Case {
  seed: number
  operation: Operation
  before: StackData
  after: StackData
  disturbance: Disturbance
  /** What repairs it: the same command again, or another that users type next. */
  repair: 'same' | 'up' | 'down' | 'back'
}

export interface Unrepaired {
  seed: number
  what: string
  problems: string[]
  /** Output of the disturbed command and of the one that was to repair it. */
  outputs: string[]
}

const STAYS = { image: SCRATCH_IMAGE, init: true, command: ['sleep', '1000'] }

/** Needs this long to stop, in milliseconds: what a killed command asked for goes on after its end. */
const SLOW_STOP = 900

/** How long the engine may still be carrying out what a killed command asked it for. */
export const AFTERMATH = SLOW_STOP + 600

/** How long a command may take whatever is done to its calls. */
const LIMIT = 90_000

/** A stack with about everything that can be left half done. */
export function randomStack(random: Random): StackData {
  const services: Record<string, ServiceData> = {
    db: {
      ...STAYS,
      environment: { REV: `${random.whole(1, 3)}` },
      networks: { back: { aliases: ['database'] } },
      volumes: ['data:/data', '/cache'],
      healthcheck: { test: ['CMD', 'true'], interval: '200ms', retries: 50 },
      restart: 'always',
    },
    web: {
      ...STAYS,
      environment: { REV: `${random.whole(1, 3)}` },
      scale: random.whole(1, 3),
      networks: { front: { aliases: ['www', 'shop'] }, back: null, default: null },
      volumes: ['/own'],
      depends_on: { db: { condition: 'service_healthy' } },
    },
    slow: {
      image: SCRATCH_IMAGE,
      command: ['sh', '-c', `trap "sleep ${SLOW_STOP / 1000}; exit 0" TERM; sleep 1000 & wait`],
      environment: { REV: `${random.whole(1, 3)}` },
      restart: 'unless-stopped',
      stop_grace_period: '5s',
    },
  }
  if (random.chance(0.5)) {
    services.job = { ...STAYS, command: ['true'], 'x-job': true, environment: { REV: `${random.whole(1, 2)}` } }
    services.last = { ...STAYS, depends_on: { job: { condition: 'service_completed_successfully' } } }
  }
  return { services, networks: { front: null, back: null }, volumes: { data: null } }
}

/** The same with every container to be replaced. */
export function nextRevision(stack: StackData, rev: string): StackData {
  const services = Object.entries(stack.services).map(([name, service]) => [
    name,
    { ...service, environment: { ...service.environment, REV: rev } },
  ])
  return { ...stack, services: Object.fromEntries(services) }
}

function rescaled(stack: StackData, random: Random): StackData {
  const { web, ...others } = stack.services
  if (!web) return stack
  return { ...stack, services: { ...others, web: { ...web, scale: web.scale === 1 ? random.whole(2, 4) : 1 } } }
}

/** Everything about a case follows from its seed, but for the engine's own timing. */
export function caseOf(seed: number, kinds: Disturbance['kind'][] = ['kill', 'faults']): Case {
  const random = randomFrom(seed)
  const before = randomStack(random)
  const operation = random.pick<Operation>(['up', 'recreate', 'scale', 'scale', 'change', 'down'])
  const after = {
    up: () => before,
    recreate: () => nextRevision(before, '9'),
    scale: () => rescaled(before, random),
    change: () => randomStack(random),
    down: () => before,
  }[operation]()
  const disturbance: Disturbance =
    random.pick(kinds) === 'kill'
      ? { kind: 'kill', afterMs: Math.round(random.between(120, operation === 'down' ? 2000 : 4000)) }
      : { kind: 'faults', rate: random.pick([0.05, 0.1, 0.25]), seed: random.whole(1, 1e9) }
  return { seed, operation, before, after, disturbance, repair: random.pick(repairsOf(operation)) }
}

function repairsOf(operation: Operation): Case['repair'][] {
  return operation === 'down' ? ['same', 'up'] : ['same', 'same', 'same', 'back', 'down']
}

export function describe({ seed, operation, disturbance, repair }: Case): string {
  const how =
    disturbance.kind === 'kill'
      ? `killed after ${disturbance.afterMs} ms`
      : `with ${disturbance.rate * 100} % of calls broken`
  return `seed ${seed}: ${operation} ${how}, repair: ${repair}`
}

/** Brings the project to where the case begins, disturbs, repairs once, and looks. */
export async function runCase(scene: Scene, each: Case): Promise<Unrepaired | undefined> {
  const setUp =
    each.operation === 'up'
      ? await scene.run('down', '--remove-orphans')
      : await bring(scene, written(each, each.before))
  if (setUp.code !== 0) return unrepaired(each, ['the state to begin with cannot be had'], setUp)
  const kept = anonymousVolumes(await worldOf(scene.engine, scene.project))
  if (each.operation !== 'up') await scene.inside('db-1', 'sh', '-c', `echo ${each.seed} > /data/seed`)
  await scene.stack(written(each, each.after))
  const disturbed = await disturb(scene, argsOf(each.operation), each.disturbance)
  const early = await liesOf(scene, each, disturbed)
  const { args, wanted } = repairOf(each)
  if (wanted) await scene.stack(written(each, wanted))
  const repaired = await scene.run(...args)
  const problems = [...early, ...(await problemsAfter(scene, each, wanted, repaired, kept))]
  return problems.length > 0 ? unrepaired(each, problems, disturbed, repaired) : undefined
}

/** The number of containers is given in either of two ways. */
function written({ seed }: Pick<Case, 'seed'>, stack: StackData): object {
  if (seed % 2 === 0) return stack
  const services = Object.entries(stack.services).map(([name, { scale, ...service }]) => [
    name,
    { ...service, ...(scale !== undefined && { deploy: { replicas: scale } }) },
  ])
  return { ...stack, services: Object.fromEntries(services) }
}

async function bring(scene: Scene, stack: object): Promise<Ran> {
  await scene.stack(stack)
  return scene.run('up', '-d', '--remove-orphans')
}

function argsOf(operation: Operation): string[] {
  return operation === 'down' ? ['down', '--remove-orphans'] : ['up', '-d', '--remove-orphans']
}

function repairOf({ operation, repair, before, after }: Case): { args: string[]; wanted: StackData | undefined } {
  const down = { args: argsOf('down'), wanted: undefined }
  if (repair === 'down' || (operation === 'down' && repair === 'same')) return down
  return { args: argsOf('up'), wanted: repair === 'back' ? before : after }
}

/** Carries out a command while something is done to it. A command that does not end is killed, which counts as its end. */
export async function disturb(scene: Scene, args: string[], disturbance: Disturbance): Promise<Ran> {
  if (disturbance.kind === 'kill') return limited(scene, args, disturbance.afterMs)
  const proxy = await startProxy(engineSocketOf(scene), faultsFrom(randomFrom(disturbance.seed), disturbance.rate))
  scene.env.DOCKER_HOST = proxy.host
  try {
    return await limited(scene, args, LIMIT)
  } finally {
    delete scene.env.DOCKER_HOST
    await proxy.close()
  }
}

async function limited(scene: Scene, args: string[], ms: number): Promise<Ran> {
  const running = scene.launch(...args)
  const timer = setTimeout(() => running.kill('SIGKILL'), ms)
  const ran = await running.done
  clearTimeout(timer)
  return ran
}

function engineSocketOf({ socket }: Scene): string {
  if (!socket) throw new Error('the engine is not reached by a socket')
  return socket
}

function faultsFrom(random: Random, rate: number): () => Fault {
  return () => {
    if (!random.chance(rate)) return PASS
    return random.pick<() => Fault>([
      () => ({ kind: 'refuse' }),
      () => ({ kind: 'reset-before' }),
      () => ({ kind: 'reset-after' }),
      () => ({ kind: 'delay', ms: random.whole(20, 800) }),
    ])()
  }
}

/** A command that says that all went well must be right, whatever was done to it. */
async function liesOf(scene: Scene, each: Case, { code }: Ran): Promise<string[]> {
  if (code === null && each.disturbance.kind === 'faults') return [`it did not end within ${LIMIT / 1000} s`]
  if (code !== 0) return []
  const world = await worldOf(scene.engine, scene.project)
  const found = each.operation === 'down' ? leftovers(world) : deviations(world, scene.project, each.after)
  return found.map((problem) => `it said that all went well, but ${problem}`)
}

async function problemsAfter(
  scene: Scene,
  each: Case,
  wanted: StackData | undefined,
  repaired: Ran,
  kept: Record<string, string>,
): Promise<string[]> {
  const code = repaired.code === 0 ? [] : [`the repair ended with ${repaired.code}`]
  const first = await astray(scene, wanted)
  await new Promise((resolve) => setTimeout(resolve, AFTERMATH))
  const later = (await astray(scene, wanted)).filter((problem) => !first.includes(problem))
  const problems = [...code, ...first, ...later.map((problem) => `${problem} (only after a while)`)]
  if (!wanted || problems.length > 0) return problems
  return [...(await lost(scene, each, kept)), ...(await unfinished(scene))]
}

async function astray({ engine, project }: Scene, wanted: StackData | undefined): Promise<string[]> {
  const world = await worldOf(engine, project)
  return wanted ? deviations(world, project, wanted) : leftovers(world)
}

/** Named volumes keep their content always, anonymous ones as long as the container was there all the time. */
async function lost(scene: Scene, { operation, seed }: Case, kept: Record<string, string>): Promise<string[]> {
  if (operation === 'up') return []
  const content = await scene.inside('db-1', 'cat', '/data/seed')
  const data = content === `${seed}` ? [] : [`volume data holds "${content}" instead of "${seed}"`]
  if (operation === 'down') return data
  const now = anonymousVolumes(await worldOf(scene.engine, scene.project))
  const others = Object.keys(kept).filter((key) => key in now && kept[key] !== now[key])
  return [...data, ...others.filter((key) => survives(key)).map((key) => `${key} has another anonymous volume`)]
}

/** A replica that was scaled away and came back is a new one. */
function survives(key: string): boolean {
  return /-(db-1|web-1) /.test(key)
}

async function unfinished(scene: Scene): Promise<string[]> {
  const { code, stdout } = await scene.run('plan', '--remove-orphans')
  return code === 0 ? [] : [`a further plan is not empty:\n${stdout}`]
}

function unrepaired(each: Case, problems: string[], ...runs: Ran[]): Unrepaired {
  const outputs = runs.map(({ code, stdout, stderr }) => `exit code ${code}\n${stdout}${stderr}`)
  return { seed: each.seed, what: describe(each), problems, outputs }
}
