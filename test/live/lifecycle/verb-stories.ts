import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compose, composePlugin } from '../compose.ts'
import { containersOf, FILE, type Scene, STAYS, scenes, withScene } from '../scene.ts'

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const words = 'words' in plugin ? plugin.words : []

const STACK = {
  services: {
    db: { ...STAYS, healthcheck: { test: ['CMD', 'true'], interval: '500ms' }, restart: 'always' },
    web: { ...STAYS, depends_on: { db: { condition: 'service_healthy', restart: true } } },
    side: { ...STAYS, depends_on: ['db'] },
    off: { ...STAYS, profiles: ['off'] },
    none: { ...STAYS, scale: 0 },
  },
}

/** A line that both tools run, and why their exit codes differ if they do so on purpose. */
export type Line = string | { line: string; because: string }

/** Of a container: what both tools must have made of it. */
type Outcome = Record<string, { state: string; same: boolean; again: boolean; killed: boolean }>

/** Lines that both tools run one after the other, each on a stack of its own that is up. */
export async function compareStories(stories: Record<string, Line[]>): Promise<void> {
  const check = await scenes()
  // There is no docker compose to compare with; the reason is printed above.
  const compared: typeof check = 'skip' in plugin ? (name) => test.skip(name) : check
  for (const [name, lines] of Object.entries(stories))
    compared(`${name}: as docker compose does`, (ours) =>
      withScene(ours.engine, (theirs) => compareStory(ours, theirs, lines)),
    )
}

async function compareStory(ours: Scene, theirs: Scene, lines: Line[]): Promise<void> {
  await Promise.all([bringUp(ours, withOurs), bringUp(theirs, withTheirs)])
  for (const each of lines) {
    const { line, because } = typeof each === 'string' ? { line: each, because: undefined } : each
    const [mine, other] = await Promise.all([carryOut(ours, line, withOurs), carryOut(theirs, line, withTheirs)])
    const [outcome, expected] = await settled(mine.look, other.look)
    assert.equal(outcome, expected, `${line}: ${mine.said}`)
    if (because === undefined) assert.is(mine.code, other.code, `${line}: ${mine.said}`)
  }
}

/** What it said is for the reader of a difference. */
type Tool = (scene: Scene, args: string[]) => Promise<{ code: number | null; said: string }>

const withOurs: Tool = async (scene, args) => {
  const { code, stderr } = await scene.run(...args)
  return { code, said: stderr }
}
/** Where COMPOSE_PROJECT_NAME is set, it goes on without the file if that does not load: then names of no service are none of its concern. */
const withTheirs: Tool = async ({ folder, project }, args) => {
  const code = await codeOf(compose(words, ['-p', project, '-f', FILE, ...args], { cwd: folder }))
  return { code, said: '' }
}

async function bringUp(scene: Scene, tool: Tool): Promise<void> {
  await scene.stack(STACK)
  const { code, said } = await tool(scene, ['--profile', 'off', 'up', '-d'])
  assert.is(code, 0, said)
}

interface Carried {
  code: number | null
  said: string
  /** What has become of the containers by now. */
  look(): Promise<Outcome>
}

async function carryOut(scene: Scene, line: string, tool: Tool): Promise<Carried> {
  const before = await containersOf(scene.engine, scene.project)
  // It is about what others do to its container, whichever tool made that.
  const ran = await (line.startsWith('run ') ? withTheirs : tool)(scene, line.split(' '))
  return { ...ran, look: async () => outcomeOf(await containersOf(scene.engine, scene.project), before) }
}

/** Who sends a signal does not wait for the end: looked at until both are the same, or never will be. */
async function settled(...looks: Carried['look'][]): Promise<Outcome[]> {
  for (let tries = 0; ; tries++) {
    const outcomes = await Promise.all(looks.map((look) => look()))
    if (tries === 100 || new Set(outcomes.map((each) => JSON.stringify(each))).size === 1) return outcomes
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function outcomeOf(after: Awaited<ReturnType<typeof containersOf>>, before: typeof after): Outcome {
  const entries = Object.entries(after).map(([name, { id, state, startedAt, exitCode }]) => {
    const same = id === before[name]?.id
    const again = same && startedAt !== before[name]?.startedAt
    return [name.replace(/-run-.*/, '-run'), { state, same, again, killed: exitCode === 137 }] as const
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function codeOf(running: Promise<string>): Promise<number> {
  return running.then(
    () => 0,
    (failed: { code?: number }) => failed.code ?? -1,
  )
}
