import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { STAYS, scenes, shell } from '../scene.ts'

/** Hooks that cannot run: engines and their runtimes say why in words that differ from version to version. */
const live = await scenes()
const FAST = { ...STAYS, stop_grace_period: '1s' }

const HURRIES = ['0', '0.01', '0.02', '0.04', '0.06', '0.1', '0.15', '0.2']
/** How runtimes and engines say that a container's program has ended. */
const RUNTIME = /OCI|exec failed|setns|init-p|ttrpc|not running|stopped|deleted state/

live('post_start of jobs that end at any moment is missed without a failure, and in plain words', async (scene) => {
  const post_start = [{ command: ['sh', '-c', 'echo hooked; sleep 0.05'] }]
  const jobs = HURRIES.map((time, at) => [`job${at}`, { ...shell(`sleep ${time}`), post_start }])
  await scene.stack({ services: Object.fromEntries(jobs) })
  const { code, stderr, stdout } = await scene.run('up', '-d')
  assert.is(code, 0, stderr)
  assert.not.match(stderr + stdout, RUNTIME)
})

live('post_start of one-off containers that end at any moment: not a word with -q', async (scene) => {
  await scene.stack({ services: { app: { ...FAST, post_start: [{ command: ['sleep', '0.02'] }] } } })
  for (const time of HURRIES) {
    const ran = await scene.run('run', '--rm', '-T', '-q', 'app', 'sh', '-c', `sleep ${time}; exit 6`)
    assert.equal([ran.code, ran.stdout, ran.stderr], [6, '', ''], time)
  }
})

live('a hook whose program is not there fails in the same words on every engine', async (scene) => {
  await scene.stack({ services: { db: { ...FAST, post_start: [{ command: ['nosuch'] }] } } })
  const { code, stderr } = await scene.run('up', '-d')
  assert.is(code, 1)
  assert.match(stderr, /cannot be run: there is no program "nosuch"/)
  assert.not.match(stderr, /OCI/)
})

test.run()
