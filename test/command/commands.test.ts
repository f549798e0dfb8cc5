import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from './support.ts'
import { BRIEF, inLab, STACK } from './two-services.ts'

inLab('the exit code of plan says whether there is something to do, and plan does nothing', async ({ run, engine }) => {
  const before = await run('plan')
  assert.equal([before.code, before.err], [2, ''])
  assert.match(before.out, /^Plan: 4 to create$/m)
  assert.is(engine.world.containers.size, 0)
  assert.is((await run('up', '-d')).code, 0)
  assert.is((await run('plan')).code, 0)
  assert.match((await run('plan')).out, 'nothing to do (2 containers up to date)')
})

inLab('plan as JSON names its steps', async ({ run }) => {
  const plan = JSON.parse((await run('plan', '--format', 'json', 'db')).out)
  assert.is(plan.stack, 'shop')
  assert.ok(plan.steps.some((step: { subject: string }) => step.subject === 'container/db/1'))
  assert.not(plan.steps.some((step: { subject: string }) => step.subject.includes('web')))
})

inLab('a second up does nothing and says so', async ({ run }) => {
  assert.is((await run('up', '-d')).code, 0)
  const again = await run('up', '-d')
  assert.equal([again.code, again.out, again.err], [0, '', 'shop: nothing to do (2 containers up to date)\n'])
})

inLab('up reports the changed field', async ({ run, write }) => {
  await run('up', '-d')
  write({ 'stack.yaml': STACK.replace('web:1', 'web:2') })
  const { err } = await run('up', '-d')
  assert.match(err, 'image: "web:1" -> "web:2"')
})

inLab('naming a service switches its profile on', async ({ run, engine }) => {
  assert.is((await run('up', '-d', 'extra')).code, 0)
  assert.equal(
    [...engine.world.containers.values()].map(({ name }) => name),
    ['shop-extra-1'],
  )
})

inLab('attached, up prints logs from the beginning until nothing runs', async ({ run, write }) => {
  write({ 'stack.yaml': BRIEF })
  const { code, out, err } = await run('up')
  assert.is(code, 0)
  assert.match(err, /^db-1 {3}\| db two$/m)
  const lines = out.trimEnd().split('\n')
  assert.equal([...lines].sort(), [
    'db-1   | db one',
    'db-1 exited with code 0',
    'web-1  | web one',
    'web-1 exited with code 3',
  ])
})

inLab('Ctrl-C stops what an attached up brought up, and leaves the rest', async ({ run, begin, engine }) => {
  await run('up', '-d', 'extra')
  const up = begin(['up'])
  await until(() => up.out().includes('web one'))
  up.interrupt()
  const { code, err } = await up.ended
  assert.is(code, 130)
  assert.match(err, 'press Ctrl-C again to kill')
  const states = Object.fromEntries([...engine.world.containers.values()].map(({ name, state }) => [name, state]))
  assert.equal(states, { 'shop-extra-1': 'running', 'shop-db-1': 'exited', 'shop-web-1': 'exited' })
})

inLab(
  'a service that ends too early fails up with its story, and what waits for it is left out',
  async ({ run, write }) => {
    write({ 'stack.yaml': STACK.replace('db:1', 'db:sick') })
    const { code, out, err } = await run('up', '-d')
    assert.equal([code, out], [1, ''])
    for (const part of ['container-exited', '| the cause', 'skipped because of this: web-1']) assert.match(err, part)
  },
)

inLab('--progress json gives events alone', async ({ run }) => {
  const { err } = await run('--progress', 'json', 'up', '-d')
  const types = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type)
  assert.equal([types[0], types.at(-1)], ['plan', 'end'])
})

inLab('--progress quiet says nothing', async ({ run }) => {
  assert.equal(await run('--progress', 'quiet', 'up', '-d'), { code: 0, out: '', err: '' })
})

inLab('down removes containers and networks, volumes only with -v', async ({ run, engine }) => {
  await run('up', '-d')
  assert.is((await run('down', '-t', '0')).code, 0)
  const left = () => [engine.world.containers.size, ours(engine.world.networks), engine.world.volumes.size]
  assert.equal(left(), [0, 0, 1])
  assert.is((await run('down', '-v')).code, 0)
  assert.equal(left(), [0, 0, 0])
  assert.match((await run('down')).err, 'nothing to do')
})

inLab('where nothing is left, down warns as docker compose does in its forms of progress', async ({ run }) => {
  const lines = async (...args: string[]) => (await run('--progress', 'compose-json', ...args, 'down')).err
  const warning = { level: 'warning', msg: 'No resource found to remove for project "shop".' }
  for (const dry of [[], ['--dry-run']]) {
    assert.equal(JSON.parse(await lines('-p', 'shop', ...dry)), warning)
    assert.is(await lines(...dry), '')
  }
  await run('up', '-d')
  assert.not.match((await run('-p', 'shop', '--progress', 'compose', 'down')).err, 'No resource')
})

inLab('with -p, down needs no file', async (own) => {
  await own.run('up', '-d')
  const { code } = await own.begin(['-p', 'shop', 'down'], { cwd: '/' }).ended
  assert.equal([code, own.engine.world.containers.size, ours(own.engine.world.networks)], [0, 0, 0])
})

inLab('without a file and without -p, there is nothing to take down', async ({ begin }) => {
  const { code, err } = await begin(['down'], { cwd: '/' }).ended
  assert.is(code, 1)
  assert.match(err, 'error[no-stack-file]')
})

inLab('config prints the stack, lists, or nothing', async ({ run, begin }) => {
  assert.equal(await run('config', '-q'), { code: 0, out: '', err: '' })
  assert.match((await run('config')).out, /^name: shop\nservices:\n/)
  assert.is(JSON.parse((await run('config', '--format', 'json')).out).name, 'shop')
  assert.is((await run('config', '--services')).out, 'db\nweb\n')
  assert.is((await run('--profile', 'more', 'config', '--services')).out, 'db\nextra\nweb\n')
  assert.is((await run('config', '--images')).out, 'db:1\nweb:1\n')
  assert.is((await run('config', '--volumes')).out, 'data\n')
  assert.is((await run('config', '--networks')).out, 'default\n')
  assert.is((await run('config', '--profiles')).out, 'more\n')
  const toFile = begin(['config', '--services', '-o', 'out.txt'])
  assert.is((await toFile.ended).out, '')
  assert.equal([...toFile.written.values()], ['db\nweb\n'])
})

inLab('config of a service prints it and what it needs; a service that is not there is a problem', async ({ run }) => {
  assert.is((await run('config', '--services', 'db')).out, 'db\n')
  assert.is((await run('config', '--services', 'web')).out, 'db\nweb\n')
  assert.equal(Object.keys(JSON.parse((await run('config', '--format', 'json', 'db')).out).services), ['db'])
  const { code, err } = await run('config', '-q', 'wbe')
  assert.is(code, 1)
  assert.match(err, 'error[unknown-service]')
})

inLab('the stop after Ctrl-C is one command at a time, too, and a second Ctrl-C ends the wait', async ({ begin }) => {
  const asked: string[] = []
  const up = begin(['up'], {
    lock: async (_, command, { signal }) => {
      asked.push(command)
      if (asked.length > 1) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      signal.throwIfAborted()
      return async () => undefined
    },
  })
  await until(() => up.out().includes('web one'))
  up.interrupt()
  await until(() => asked.length === 2)
  up.interrupt()
  assert.is((await up.ended).code, 130)
})

inLab('the stack may come from standard input', async ({ begin }) => {
  const stdin = 'services: { one: { image: "web:1", ports: ["1:99999999"] } }'
  const { code, err } = await begin(['-f', '-', 'config'], { readStdin: async () => stdin }).ended
  assert.is(code, 1)
  assert.match(err, '<stdin>:1:')
  assert.match(err, stdin)
})

const CLASH =
  'name: shop\nservices:\n  a: { image: "web:2", ports: ["80:80"] }\n  b: { image: "web:2", ports: ["80:80"] }\n  c: { image: "web:2" }\n'

inLab(
  'clashes are warnings of config and errors of plan and up for the services they are about',
  async ({ run, engine }) => {
    const config = await run('config', '-q')
    assert.is(config.code, 0)
    assert.match(config.err, 'warning[port-taken-twice]')
    for (const command of [['plan'], ['up', '-d']]) {
      const { code, err } = await run(...command)
      assert.is(code, 1)
      assert.match(err, 'error[port-taken-twice]')
    }
    assert.is(engine.world.containers.size, 0)
    for (const service of ['a', 'c']) assert.is((await run('plan', service)).code, 2)
  },
  { 'stack.yaml': CLASH },
)

for (const argv of [
  ['up', '--build', '--no-build'],
  ['up', '--force-recreate', '--no-recreate'],
  ['logs', '--tail', 'few'],
  ['logs', '--since', 'yesterdayish'],
]) {
  inLab(`${argv.join(' ')} is refused before anything happens`, async ({ run, engine }) => {
    const { code, err } = await run(...argv)
    assert.is(code, 1)
    assert.match(err, 'error[usage]')
    assert.is(engine.calls.length, 0)
  })
}

function ours(networks: ReadonlyMap<string, { predefined: boolean }>): number {
  return [...networks.values()].filter(({ predefined }) => !predefined).length
}

test.run()
