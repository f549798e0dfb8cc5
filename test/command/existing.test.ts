import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { type Lab, lab, type Ran, withLab } from './support.ts'

/** Commands about what exists, each on a project that is up, with files that cannot help any more. */

const IMAGES: Record<string, ImageFixture> = {
  'db:1': { cmd: ['serve'] },
  'app:1': { cmd: ['serve'], log: [{ after: 10, text: 'hello' }] },
}

const STACK = `
name: shop
services:
  db: { image: "db:1" }
  web: { image: "app:1", depends_on: [db], volumes: ["data:/data"] }
volumes: { data: {} }
`

const WEB = 'web: { image: "app:1", depends_on: [db] }'

/** What the stack file says afterwards; with `flags` it is not the file that is broken. */
const WAYS: Record<string, { file: string | Uint8Array; flags?: string[]; env?: string; isOther?: true }> = {
  'a file of another project': { file: 'name: other\nservices: { else: { image: "app:1" } }', isOther: true },
  'a file of another project with a service of that name': {
    file: 'name: other\nservices: { web: { image: "app:1", pre_stop: [{ command: ["false"] }] } }',
    isOther: true,
  },
  'a file of another project that is invalid': {
    file: 'name: other\nservices: { else: { imagine: 1 } }',
    isOther: true,
  },
  'no YAML': { file: `name: shop\nservices:\n  web: {\n  db:: [}\n` },
  'no YAML, with a name in quotes': { file: `services: {\nname: "shop"\n` },
  'a key twice': { file: `${STACK}\nservices: {}` },
  'an alias that is unknown': { file: STACK.replace('[db]', '*gone') },
  'not UTF-8': { file: Buffer.concat([Buffer.from(STACK), Buffer.from([0x23, 0xff])]) },
  'an unknown key': { file: STACK.replace('depends_on', 'depend_on') },
  'an unknown top-level key': { file: `${STACK}\nservice: {}` },
  'a service that is none': { file: 'name: shop\nservices: { db: 5, web: [] }' },
  'a required variable': { file: STACK.replace('db:1', '${GONE:?not set}') },
  'a variable that cannot be read': { file: STACK.replace('db:1', '${GONE') },
  'a missing env_file': { file: STACK.replace('"db:1"', '"db:1", env_file: gone.env') },
  'a missing label_file': { file: STACK.replace('"db:1"', '"db:1", label_file: gone.env') },
  'a missing include': { file: `${STACK}\ninclude: [gone.yaml]` },
  'an include without end': { file: `${STACK}\ninclude: [stack.yaml]` },
  'a missing file to extend from': {
    file: STACK.replace(WEB.slice(0, 20), `web: { extends: { file: gone.yaml, service: x }, image: "app:1"`),
  },
  'services that extend each other': { file: 'name: shop\nservices: { db: { extends: web }, web: { extends: db } }' },
  'a circle of needs': { file: STACK.replace('"db:1"', '"db:1", depends_on: [web]') },
  'a container name twice': {
    file: STACK.replace('"db:1"', '"db:1", container_name: x').replace('"app:1"', '"app:1", container_name: x'),
  },
  'a host port twice': {
    file: STACK.replace('"db:1"', '"db:1", ports: ["80:80"]').replace('"app:1"', '"app:1", ports: ["80:80"]'),
  },
  'a bad port': { file: STACK.replace('"db:1"', '"db:1", ports: ["99999:80"]') },
  'a network that is not declared': { file: STACK.replace('"db:1"', '"db:1", networks: [gone]') },
  'no image': { file: STACK.replace('image: "db:1"', 'init: true') },
  'a missing build context': { file: STACK.replace('image: "db:1"', 'build: ./gone') },
  'a volume without its variable': { file: STACK.replace('data: {}', 'data: { name: "${GONE:?}" }') },
  'a .env that cannot be read': { file: STACK, env: 'A="open\nCOMPOSE_PROFILES=x\n' },
  'a missing --env-file': { file: STACK, flags: ['--env-file', 'gone.env'] },
  'an override that is missing': { file: STACK, flags: ['-f', 'stack.yaml', '-f', 'gone.yaml'] },
}

const RUNNING = { db: 'running', web: 'running' }
const STOPPED = { db: 'exited', web: 'exited' }

/** In this order; then `down`. */
const COMMANDS: [line: string, states: Record<string, string>, out?: RegExp][] = [
  ['ps -q', RUNNING, /^[0-9a-f]{64}\n[0-9a-f]{64}\n$/],
  ['logs', RUNNING, /web-1 +\| hello/],
  ['exec web true', RUNNING],
  ['endpoints', RUNNING],
  ['stop web', { db: 'running', web: 'exited' }],
  ['start web', RUNNING],
  ['pause', { db: 'paused', web: 'paused' }],
  ['unpause', RUNNING],
  ['restart', RUNNING],
  ['kill db', { db: 'exited', web: 'running' }],
  ['wait db', { db: 'exited', web: 'running' }],
  ['start', RUNNING],
  ['stop', STOPPED],
  ['start', RUNNING],
  ['kill', STOPPED],
  ['rm -f web', { db: 'exited' }],
  ['rm -fs', {}],
]

for (const [way, { file, flags = [], env, isOther }] of Object.entries(WAYS))
  for (const named of isOther
    ? ['-p', 'COMPOSE_PROJECT_NAME']
    : env || flags.length > 0
      ? ['-p', 'its own name']
      : ['its own name'])
    test(`${way}; named by ${named}`, async () => {
      await withLab({ 'stack.yaml': STACK }, { images: IMAGES }, async (shop) => {
        await shop.run('up', '-d')
        await shop.engine.clock.sleep(50)
        writeFileSync(join(shop.directory, 'stack.yaml'), file)
        if (env !== undefined) shop.write({ '.env': env })
        const run = (line: string) => {
          const argv = [...flags, ...(named === '-p' ? ['-p', 'shop'] : []), ...line.split(' ')]
          return shop.begin(argv, named === 'COMPOSE_PROJECT_NAME' ? { env: { COMPOSE_PROJECT_NAME: 'shop' } } : {})
            .ended
        }
        for (const [line, states, out] of COMMANDS) {
          const ran = await run(line)
          if (line !== 'wait db') succeeded(ran, line)
          assert.equal(statesIn(shop), states, `${line}: ${ran.err}`)
          if (out) assert.match(ran.out, out)
        }
        succeeded(await run('down -v'), 'down -v')
        assert.equal([...shop.engine.world.volumes.keys()], [])
        assert.equal(
          [...shop.engine.world.networks.values()].filter(({ predefined }) => !predefined),
          [],
        )
      })
    })

const BROKEN_B: Record<string, string> = {
  'a missing env_file': 'env_file: gone.env',
  'the name of another container': 'container_name: taken',
  'a bad port': 'ports: ["99999:80"]',
  'a host port of another': 'ports: ["80:80"]',
  'a required variable': 'user: "${GONE:?}"',
  'an unknown key': 'imagine: 1',
}

for (const [what, key] of Object.entries(BROKEN_B))
  test(`${what} of b is no conflict for others`, async () => {
    const c = 'c: { image: "app:1", container_name: taken, ports: ["80:80"], profiles: [more] }'
    const shop = lab({ 'stack.yaml': '' }, { images: IMAGES })
    const write = (b: string) =>
      shop.write({
        'stack.yaml': `name: shop\nservices:\n  a: { image: "app:1" }\n  b: { image: "app:1"${b} }\n  ${c}\n`,
      })
    const run = async (line: string) => succeeded(await shop.run(...line.split(' ')), line)
    try {
      write(`, ${key}`)
      await run('up -d a')
      assert.is((await shop.run('plan', 'a')).code, 0)
      await run('run --rm -d a')
      await run('config --services')
      await run('config -q a')
      const all = await shop.run('--profile', 'more', 'up', '-d')
      assert.is(all.code, 1, all.err)
      write('')
      await run('up -d')
      write(`, ${key}`)
      // It is declared, and no orphan.
      await run('up -d --remove-orphans a')
      assert.is(statesIn(shop).b, 'running')
      await run('--profile more stop')
      assert.equal([statesIn(shop).a, statesIn(shop).b], ['exited', 'exited'])
      await run('--profile more down')
      assert.equal(Object.keys(statesIn(shop)), [])
    } finally {
      shop.remove()
    }
  })

function succeeded({ code, err }: Ran, line: string): void {
  assert.is(code, 0, `${line}: ${err}`)
  assert.not.match(err, /^error/m)
}

function statesIn({ engine }: Lab): Record<string, string> {
  const all = [...engine.world.containers.values()]
  return Object.fromEntries(all.map(({ name, state }) => [name.replace(/^shop-(.*)-1$/, '$1'), state] as const).sort())
}

test.run()
