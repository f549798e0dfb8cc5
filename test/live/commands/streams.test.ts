import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'
import { begin, ended, FLOTILLA, inTerminal, noted, raise, terminalTests } from '../talk.ts'

/** Where output goes, who reads it, and what becomes of a command when nobody does, on a real engine. */
const check = await scenes()
const inPty = terminalTests(check)

const SHOW_CURSOR = '\x1b[?25h'
const HIDE_CURSOR = '\x1b[?25l'

/** A shell script with `$flotilla` as the command line; what it prints. */
async function script(scene: Scene, text: string, env: Record<string, string> = {}) {
  const words = ['bash', '-c', `flotilla='${FLOTILLA.join(' ')}'\n${text}`]
  const { code, stdout, stderr } = await begin(words, { ...scene, env: { ...scene.env, ...env } }, Buffer.alloc(0)).done
  return { code, stdout: stdout.toString(), stderr: stderr.toString() }
}

/** A reader that has gone is noticed by the next line. */
const SPEAKS = shell('while :; do echo again; sleep 0.1; done')

const labelled = (label: string, command = STAYS) => ({
  services: { web: { ...command, network_mode: 'none', labels: { label } } },
})
const labels = async ({ containers }: Scene) =>
  Object.values(await containers()).map(({ name, state, spec }) => [
    name.replace(/^.*-(web-1.*)$/, '$1'),
    state,
    spec.Labels?.label,
  ])

check(
  'a reader that goes away in the middle of a recreate stops nothing; the exit code is that of the outcome',
  async (scene) => {
    await scene.stack(labelled('one'))
    assert.is((await scene.run('up', '-d')).code, 0)
    for (const [index, command] of ['up -d 2>&1', 'up 2>&1', 'up'].entries()) {
      await scene.stack(labelled(`${index}`, command === 'up' ? SPEAKS : STAYS))
      const { stdout } = await script(scene, `{ $flotilla ${command}; echo $? > code; } | head -1; cat code`)
      assert.is(stdout.trimEnd().split('\n').at(-1), '0', command)
      assert.equal(await labels(scene), [['web-1', 'running', `${index}`]], command)
    }
    await scene.stack(labelled('bad', { ...STAYS, init: false, command: ['nosuchprogram'] }))
    const { stdout } = await script(scene, '{ $flotilla up -d 2>&1; echo $? > code; } | head -1; cat code')
    assert.is(stdout.trimEnd().split('\n').at(-1), '1')
    assert.equal(await labels(scene), [['web-1', 'running', '2']])
  },
)

check('without a reader, commands that print end and give their exit code', async (scene) => {
  await scene.stack(labelled('one', SPEAKS))
  assert.is((await scene.run('up', '-d')).code, 0)
  const counts = 'echo 1; echo 2; sleep 0.3; echo 3; exit 4'
  for (const [command, code] of [
    ['ps', 0],
    ['config', 0],
    ['logs -f', 0],
    [`exec -T web sh -c "${counts}"`, 4],
    [`run --rm -T web sh -c "${counts}"`, 4],
    ['run --rm -T web yes', 141],
  ] as const) {
    const { stdout } = await script(scene, `$flotilla ${command} | head -1; echo "\${PIPESTATUS[0]}"`)
    assert.is(stdout.trimEnd().split('\n').at(-1), `${code}`, command)
  }
  assert.equal(await labels(scene), [['web-1', 'running', 'one']], 'no container of run is left')
})

check('output that cannot be written is a failure, after all has been done', async (scene) => {
  await scene.stack(labelled('one', SPEAKS))
  const { stdout, stderr } = await script(
    scene,
    '$flotilla up >/dev/full; echo $?; $flotilla ps -q >/dev/full; echo $?',
  )
  assert.is(stdout, '1\n1\n')
  assert.match(stderr, 'standard output cannot be written: no space left on device')
  assert.equal(await labels(scene), [['web-1', 'running', 'one']])
  const closed = await script(scene, '$flotilla up -d >&-; echo $? >&2; $flotilla up -d >&- 2>&-')
  assert.equal([closed.code, closed.stderr.trimEnd().split('\n').at(-1)], [0, '0'])
})

check("standard error of services is ours; a terminal's streams are one; hooks are heard", async (scene) => {
  const speaks = { ...shell('echo to out; echo to err >&2; exec sleep 1000'), network_mode: 'none' }
  const hook = (word: string) => [{ command: ['sh', '-c', `echo ${word} out; echo ${word} err >&2`] }]
  await scene.stack({
    services: {
      plain: { ...speaks, post_start: hook('after'), pre_start: hook('before'), pre_stop: hook('last') },
      tty: { ...speaks, tty: true },
    },
  })
  const up = scene.launch('up')
  // A hook may begin long after the service has printed its first lines.
  const heard = [/plain-1 .*to err/, /post_start . after out/]
  await up.until(({ stdout, stderr }) => /tty-1 .*to err/.test(stdout) && heard.every((each) => each.test(stderr)))
  up.kill('SIGINT')
  const { stderr } = await up.done
  for (const said of [
    'pre_start | before out',
    'pre_start | before err',
    'post_start | after out',
    'pre_stop | last err',
  ])
    assert.match(stderr, said)
  const logs = await scene.run('logs', '--no-log-prefix')
  assert.equal([...new Set(logs.stdout.trim().split('\n'))].sort(), ['to err', 'to out'])
  assert.is(logs.stderr, 'to err\n')
  assert.is((await scene.run('logs', '--no-log-prefix', 'plain')).stdout, 'to out\n')
})

check('logs -f follows a service over restarts by anybody', async (scene) => {
  await scene.stack({ services: { web: { ...shell('echo begins; exec sleep 1000'), network_mode: 'none' } } })
  assert.is((await scene.run('up', '-d')).code, 0)
  const { id } = await scene.container('web-1')
  const logs = scene.launch('logs', '-f', 'web')
  const begun = (times: number) => logs.until(({ stdout }) => stdout.split('| begins').length > times)
  await begun(1)
  assert.is((await scene.run('restart', 'web')).code, 0)
  await begun(2)
  const restarted = await script(scene, `docker restart ${id}`)
  if (restarted.code === 0) await begun(3)
  assert.is((await scene.run('stop')).code, 0)
  assert.is((await logs.done).code, 0)
})

check('Ctrl-C says what ran before and goes on, and the command that stops it', async (scene) => {
  const speaks = { ...shell('echo begins; exec sleep 1000'), network_mode: 'none' }
  await scene.stack({ services: { old: speaks, fresh: speaks } })
  assert.is((await scene.run('up', '-d', 'old')).code, 0)
  const up = scene.launch('up')
  await up.until(({ stdout }) => stdout.includes('fresh-1'))
  up.kill('SIGINT')
  const { code, stderr } = await up.done
  assert.is(code, 130)
  assert.match(stderr, /^old-1 keeps running, .*: `flotilla stop old` stops it$/m)
  assert.is((await scene.container('old-1')).state, 'running')
})

inPty('a container of run does not outlive its terminal', async (scene) => {
  await scene.stack(labelled('one'))
  const talking = inTerminal(scene, noted('run --rm web sh -c "trap : HUP; echo ready; while :; do sleep 0.1; done"'))
  await talking.said('ready')
  const pid = Number(readFileSync(join(scene.folder, 'pid'), 'utf8'))
  raise(scene, 'HUP')
  await ended(talking, 143)
  assert.throws(() => process.kill(pid, 0), 'ESRCH')
  assert.equal(await scene.containers(), {})
})

/** Jobs are stopped and continued by a shell with job control. */
const withJobs = (lines: string[]) => ['set -m', 'export TERM=xterm-256color', 'unset CI', ...lines].join('\n')

inPty('Ctrl-Z while the tree is drawn leaves the cursor visible, and fg goes on', async (scene) => {
  const db = {
    ...shell('exec sleep 1000'),
    network_mode: 'none',
    healthcheck: { test: ['CMD', 'test', '-e', '/well'], interval: '1s', retries: 60 },
  }
  await scene.stack({ services: { db } })
  const lines = ['$flotilla up --wait', 'echo "stopped here"', 'read x', 'fg']
  const talking = inTerminal(scene, withJobs(lines))
  await talking.said('waiting until')
  talking.type('\x1a')
  await talking.said('stopped here')
  await scene.inside('db-1', 'touch', '/well')
  talking.type('\n')
  const said = await ended(talking, 0)
  const [before = '', after = ''] = said.split('stopped here')
  assert.ok(before.lastIndexOf(SHOW_CURSOR) > before.lastIndexOf(HIDE_CURSOR), 'shown while it is stopped')
  assert.ok(after.includes(HIDE_CURSOR) && after.lastIndexOf(SHOW_CURSOR) > after.lastIndexOf(HIDE_CURSOR))
})

inPty('CI=true draws nothing over; LANG=C has ASCII alone', async (scene) => {
  await scene.stack(labelled('one'))
  const lines = [
    'export TERM=xterm-256color',
    'CI=true $flotilla up -d',
    'env -u CI LC_ALL= LANG=C $flotilla up -d --force-recreate',
  ]
  const said = await ended(inTerminal(scene, lines.join('\n')), 0)
  const [ci = '', ascii = ''] = said.split('steps done')
  assert.not.match(ci, HIDE_CURSOR)
  assert.match(ascii, HIDE_CURSOR)
  assert.match(said, /^\p{ASCII}*$/u)
})

test.run()
