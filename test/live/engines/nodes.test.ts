import { spawn } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MAIN, type Ran } from '../../support/cli.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

// A short life of a stack on each version of Node that `npm test` has found, beside the one that runs it: the same is printed, to both streams.

const check = await scenes()

const nodes: Record<string, string> = JSON.parse(process.env.FLOTILLA_TEST_NODES ?? '{}')

const STACK = {
  services: {
    job: { ...STAYS, command: ['sh', '-c', 'echo done'] },
    web: { ...STAYS, depends_on: { job: { condition: 'service_completed_successfully' } } },
  },
}

const LIFE = [
  ['up', '-d', '--quiet-pull'],
  ['ps', '--services'],
  ['logs', 'job'],
  ['exec', '-T', 'web', 'sh', '-c', 'echo out; echo err >&2; exit 3'],
  ['config', '--services'],
  ['restart', 'web'],
  ['run', '--rm', '-T', 'web', 'echo', 'once'],
  ['down'],
]

function onNode(node: string, args: string[], { folder, env }: Scene): Promise<Ran> {
  const child = spawn(node, [MAIN, ...args], { cwd: folder, env: { ...process.env, ...env } })
  child.stdin.end()
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  for (const key of ['stdout', 'stderr'] as const)
    child[key].on('data', (chunk) => {
      ran[key] += chunk
    })
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ran, code })))
}

/** Durations and the order of lines differ from run to run; `waiting for` lines come on slow machines only. */
function withoutTimes({ code, stdout, stderr }: Ran): Ran {
  const lines = stderr.replaceAll(/\d+\.\d s/g, 'N s').split('\n')
  return {
    code,
    stdout,
    stderr: lines
      .filter((line) => !line.includes('waiting'))
      .sort()
      .join('\n'),
  }
}

async function life(node: string, scene: Scene): Promise<Ran[]> {
  const printed: Ran[] = []
  for (const args of LIFE) printed.push(withoutTimes(await onNode(node, args, scene)))
  return printed
}

if (Object.keys(nodes).length === 0) {
  console.log('skipped: FLOTILLA_TEST_NODES names no other version of Node, as JSON ({"24": "/path/to/node"})')
  test.skip('a stack lives on other versions of Node as on this one')
}

for (const [version, node] of Object.entries(nodes)) {
  check(`a stack lives on Node ${version} as on this one`, async (scene) => {
    await scene.stack(STACK)
    const here = await life(process.execPath, scene)
    assert.equal(
      here.map(({ code }) => code),
      [0, 0, 0, 3, 0, 0, 0, 0],
    )
    assert.equal(await life(node, scene), here)
  })
}

test.run()
